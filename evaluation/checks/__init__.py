"""Asking a subject what a check says: each kind of step in a module of its own."""
