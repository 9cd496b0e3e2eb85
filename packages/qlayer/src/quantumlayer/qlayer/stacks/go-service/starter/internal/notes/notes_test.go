package notes_test

import (
	"strings"
	"testing"

	"starter-name/internal/notes"
)

func TestANoteIsCheckedBeforeItIsKept(t *testing.T) {
	for name, each := range map[string]struct {
		text, want string
		refused    bool
	}{
		"white space around it is dropped": {text: " milk ", want: "milk"},
		"as long as it may be":             {text: strings.Repeat("é", 1000), want: strings.Repeat("é", 1000)},
		"too long":                         {text: strings.Repeat("é", 1001), refused: true},
		"empty":                            {text: "  ", refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := notes.New{Text: each.text}.Checked()
			if refused := err != nil; refused != each.refused {
				t.Fatalf("refused %v, want %v: %v", refused, each.refused, err)
			}
			if !each.refused && got.Text != each.want {
				t.Errorf("got %q, want %q", got.Text, each.want)
			}
		})
	}
}
