"""How requests and replies look on the line: one wire a provider's format."""
