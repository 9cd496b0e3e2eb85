// Package counting counts words.
package counting

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrNoText says that what is read is not text.
var ErrNoText = errors.New("it is not text in UTF-8")

const longestLine = 16 << 20

var word = regexp.MustCompile(`[\pL\pN_]+`)

// Count is a word and how often it stands in a text.
type Count struct {
	Word  string
	Times int
}

// Words counts the words of a text in lower case: most frequent first, then A to Z.
func Words(text io.Reader) ([]Count, error) {
	times := map[string]int{}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		if !utf8.Valid(lines.Bytes()) {
			return nil, ErrNoText
		}
		for _, each := range word.FindAllString(strings.ToLower(lines.Text()), -1) {
			times[each]++
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	counted := make([]Count, 0, len(times))
	for each, n := range times {
		counted = append(counted, Count{each, n})
	}
	slices.SortFunc(counted, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Word, b.Word))
	})
	return counted, nil
}
