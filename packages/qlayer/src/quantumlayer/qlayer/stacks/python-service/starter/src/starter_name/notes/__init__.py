"""Notes: the example of a domain."""
