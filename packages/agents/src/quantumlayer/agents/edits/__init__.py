"""Edits of files as models form them: read from four dialects, applied one by one or refused."""

from quantumlayer.agents.edits.applying import EditFailed, apply_edits
from quantumlayer.agents.edits.dialects import instructions, read_edits
from quantumlayer.agents.edits.edit import (
    Applied,
    Delete,
    Edit,
    Move,
    Refusal,
    Replace,
    Unreadable,
    Write,
)
from quantumlayer.agents.edits.gate import Gate, apply_gated

__all__ = [
    "Applied",
    "Delete",
    "Edit",
    "EditFailed",
    "Gate",
    "Move",
    "Refusal",
    "Replace",
    "Unreadable",
    "Write",
    "apply_edits",
    "apply_gated",
    "instructions",
    "read_edits",
]
