"""The architect: requirements → blueprint."""
