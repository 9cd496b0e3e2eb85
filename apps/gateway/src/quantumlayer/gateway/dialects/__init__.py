"""The formats that clients speak."""

from quantumlayer.gateway.dialects.dialect import (
    Asked,
    Conversation,
    Dialect,
    DialectName,
    Writer,
)

__all__ = ["Asked", "Conversation", "Dialect", "DialectName", "Writer"]
