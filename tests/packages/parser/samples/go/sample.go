package library

import (
	"fmt"
	alias "path/filepath"
)

// Shelf holds items.
type Shelf struct {
	items []string
}

type Named interface {
	Name() string
}

type Count = int

// Classify says how a number looks.
func classify(number, limit int, flag bool) string {
	if number > 10 && flag {
		for index := 0; index < number; index++ {
			if index == 3 {
				fmt.Println(index)
			}
		}
	} else if number < 0 {
		return "negative"
	} else {
		return alias.Join("a", "b")
	}
	return "other"
}

// Add adds an item.
func (s *Shelf) Add(item string, rest ...string) {
	switch item {
	case "one":
		s.items = append(s.items, item)
	default:
		func() { s.items = append(s.items, rest...) }()
	}
}
