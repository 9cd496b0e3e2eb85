"""Go: go.mod and go.work, and which sources the go command takes."""
