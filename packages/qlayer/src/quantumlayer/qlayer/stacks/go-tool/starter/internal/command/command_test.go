package command_test

import (
	"strings"
	"testing"

	"starter-name/internal/command"
)

func TestTheCommandTellsAndEndsAsItShould(t *testing.T) {
	for name, each := range map[string]struct {
		arguments []string
		in, out   string
		complains string
		status    int
	}{
		"the most frequent first": {[]string{"count", "-most", "1", "-"}, "tea milk tea\n", "2\ttea\n", "", 0},
		"nothing to count":        {[]string{"count", "-"}, "", "", "", 0},
		"no such file":            {[]string{"count", "no-such-file"}, "", "", "no-such-file", 1},
		"no text":                 {[]string{"count", "-"}, "\xff", "", "not text in UTF-8", 1},
		"too few words":           {[]string{"count", "-most", "0", "-"}, "", "", "usage", 2},
		"unknown flag":            {[]string{"count", "-least", "-"}, "", "", "-least", 2},
		"unknown command":         {[]string{"guess"}, "", "", "usage", 2},
		"help":                    {[]string{"-help"}, "", "", "usage", 0},
		"help of a command":       {[]string{"count", "-help"}, "", "", "-most", 0},
	} {
		t.Run(name, func(t *testing.T) {
			var out, complaint strings.Builder
			streams := command.Streams{In: strings.NewReader(each.in), Out: &out, Err: &complaint}

			status := command.Run(each.arguments, streams)

			if status != each.status || out.String() != each.out {
				t.Errorf("status %d, want %d; output %q", status, each.status, out.String())
			}
			if !strings.Contains(complaint.String(), each.complains) {
				t.Errorf("complaint %q without %q", complaint.String(), each.complains)
			}
		})
	}
}
