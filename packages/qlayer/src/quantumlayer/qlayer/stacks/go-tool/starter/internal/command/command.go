// Package command speaks with the user: arguments in, text and an exit status out.
package command

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"starter-name/internal/counting"
)

const usage = `usage: starter-name count [-most N] FILE

Lists the most frequent words of FILE, or of standard input for -,
with how often each stands there.

`

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

var errUsage = errors.New("wrong usage")

// Run does what the arguments say and returns the exit status.
func Run(arguments []string, streams Streams) int {
	flags := flag.NewFlagSet("starter-name", flag.ContinueOnError)
	flags.SetOutput(streams.Err)
	flags.Usage = func() { fmt.Fprint(streams.Err, usage) }
	err := usageUnlessHelp(flags.Parse(arguments))
	if err == nil && flags.Arg(0) == "count" {
		err = count(flags.Args()[1:], streams)
	} else if err == nil {
		flags.Usage()
		err = errUsage
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	default:
		fmt.Fprintf(streams.Err, "starter-name: %v\n", err)
		return 1
	}
}

func count(arguments []string, streams Streams) error {
	flags := flag.NewFlagSet("count", flag.ContinueOnError)
	flags.SetOutput(streams.Err)
	flags.Usage = func() {
		fmt.Fprint(streams.Err, usage)
		flags.PrintDefaults()
	}
	most := flags.Int("most", 10, "how many words to list")
	if err := usageUnlessHelp(flags.Parse(arguments)); err != nil {
		return err
	}
	if flags.NArg() != 1 || *most < 1 {
		flags.Usage()
		return errUsage
	}
	text := streams.In
	if path := flags.Arg(0); path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		text = file
	}
	counted, err := counting.Words(text)
	if err != nil {
		return fmt.Errorf("read %s: %w", flags.Arg(0), err)
	}
	out := bufio.NewWriter(streams.Out)
	for _, each := range counted[:min(*most, len(counted))] {
		fmt.Fprintf(out, "%d\t%s\n", each.Times, each.Word)
	}
	return out.Flush()
}

// usageUnlessHelp makes one error of all that flags complain of.
func usageUnlessHelp(err error) error {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return errUsage
}
