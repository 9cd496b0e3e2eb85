"""The tool: `commands` speaks with its user, the other modules do the work."""

__version__ = "1.0.0"
