package counting_test

import (
	"slices"
	"strings"
	"testing"

	"starter-name/internal/counting"
)

func TestWordsAreCounted(t *testing.T) {
	for text, want := range map[string][]counting.Count{
		"":              {},
		"  \n!?":        {},
		"b c\nB a":      {{"b", 2}, {"a", 1}, {"c", 1}},
		"größer Größer": {{"größer", 2}},
	} {
		t.Run(text, func(t *testing.T) {
			got, err := counting.Words(strings.NewReader(text))
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("got %v, want %v: %v", got, want, err)
			}
		})
	}
}
