"""A generator: one planned file → its content."""
