"""Changing what exists: what held before, what of it is touched, and what became of it."""
