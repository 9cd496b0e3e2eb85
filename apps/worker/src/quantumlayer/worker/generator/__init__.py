"""A generator: some planned files → their contents."""
