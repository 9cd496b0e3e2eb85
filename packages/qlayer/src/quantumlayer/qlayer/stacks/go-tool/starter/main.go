// Command starter-name tells about texts.
package main

import (
	"os"

	"starter-name/internal/command"
)

func main() {
	streams := command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	os.Exit(command.Run(os.Args[1:], streams))
}
