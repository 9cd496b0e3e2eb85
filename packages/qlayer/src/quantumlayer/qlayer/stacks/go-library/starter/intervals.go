// Package startername tells what intervals of numbers cover together.
package startername

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// ErrBackwards says that an interval would end before it starts.
var ErrBackwards = errors.New("an interval cannot end before it starts")

// Interval holds all numbers from Start to End, both of them included.
type Interval struct {
	Start, End int
}

// New returns an interval, or ErrBackwards.
func New(start, end int) (Interval, error) {
	if end < start {
		return Interval{}, fmt.Errorf("from %d to %d: %w", start, end, ErrBackwards)
	}
	return Interval{start, end}, nil
}

// Contains tells whether a number lies in the interval.
func (i Interval) Contains(number int) bool {
	return i.Start <= number && number <= i.End
}

// Merged returns the fewest intervals that cover the same numbers, in ascending order.
// Those that overlap or share an end become one. It takes O(n log n) time.
func Merged(intervals []Interval) []Interval {
	sorted := slices.SortedFunc(slices.Values(intervals), func(a, b Interval) int {
		return cmp.Compare(a.Start, b.Start)
	})
	found := make([]Interval, 0, len(sorted))
	for _, each := range sorted {
		if last := len(found) - 1; last >= 0 && found[last].Contains(each.Start) {
			found[last].End = max(found[last].End, each.End)
		} else {
			found = append(found, each)
		}
	}
	return found
}
