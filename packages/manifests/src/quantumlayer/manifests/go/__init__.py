"""Go: go.mod and go.work."""
