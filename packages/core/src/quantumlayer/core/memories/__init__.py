"""What an organisation remembers of runs that passed: rows are the truth, an index follows."""

from quantumlayer.core.memories.contract import (
    MOST_KEPT,
    TEND_WORKFLOW,
    TendRequest,
)

__all__ = ["MOST_KEPT", "TEND_WORKFLOW", "TendRequest"]
