package startername_test

import (
	"errors"
	"slices"
	"testing"

	intervals "starter-name"
)

func TestWhatOverlapsIsMerged(t *testing.T) {
	for name, each := range map[string]struct {
		given, want []intervals.Interval
	}{
		"nothing":        {nil, nil},
		"apart":          {[]intervals.Interval{{5, 7}, {1, 3}}, []intervals.Interval{{1, 3}, {5, 7}}},
		"sharing an end": {[]intervals.Interval{{1, 3}, {3, 4}}, []intervals.Interval{{1, 4}}},
		"one in another": {[]intervals.Interval{{1, 9}, {2, 3}}, []intervals.Interval{{1, 9}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := intervals.Merged(each.given); !slices.Equal(got, each.want) {
				t.Errorf("got %v, want %v", got, each.want)
			}
		})
	}
}

func TestAnIntervalThatEndsBeforeItStartsIsRefused(t *testing.T) {
	if _, err := intervals.New(2, 1); !errors.Is(err, intervals.ErrBackwards) {
		t.Errorf("got %v", err)
	}
	if got, err := intervals.New(1, 1); err != nil || !got.Contains(1) {
		t.Errorf("got %v: %v", got, err)
	}
}

func FuzzMergedCoversTheSameNumbers(f *testing.F) {
	f.Add(1, 3, 3, 4, 2)
	f.Add(5, 7, 1, 3, 4)
	f.Fuzz(func(t *testing.T, a, b, c, d, number int) {
		some := []intervals.Interval{{min(a, b), max(a, b)}, {min(c, d), max(c, d)}}
		merged := intervals.Merged(some)
		covers := func(i intervals.Interval) bool { return i.Contains(number) }
		if slices.ContainsFunc(merged, covers) != slices.ContainsFunc(some, covers) {
			t.Errorf("%v became %v, which differ at %d", some, merged, number)
		}
	})
}
