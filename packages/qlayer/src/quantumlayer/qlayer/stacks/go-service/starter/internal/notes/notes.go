// Package notes is the example of a domain.
package notes

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// longestText is how long a note may be, in characters.
const longestText = 1000

// New is a note as it is sent.
type New struct {
	Text string `json:"text"`
}

// Note is a note as it is kept.
type Note struct {
	ID   uint64 `json:"id"`
	Text string `json:"text"`
}

// Checked returns a note without white space around its text, or what is wrong with it.
func (n New) Checked() (New, error) {
	n.Text = strings.TrimSpace(n.Text)
	switch length := utf8.RuneCountInString(n.Text); {
	case length == 0:
		return n, errors.New("a note has a text")
	case length > longestText:
		return n, errors.New("a note has at most 1000 characters")
	}
	return n, nil
}
