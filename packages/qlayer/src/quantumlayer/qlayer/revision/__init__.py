"""Changing what exists: what a revision begins with, what of it stays, what became of it."""
