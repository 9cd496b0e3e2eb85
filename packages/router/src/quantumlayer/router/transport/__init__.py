"""Bytes to a provider and back: connections, one exchange, event streams, clocks, failures."""
