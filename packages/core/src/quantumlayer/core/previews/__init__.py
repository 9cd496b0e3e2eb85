"""Previews of what runs have made: who holds one, where it is reached, and why it has ended."""

from quantumlayer.core.previews.contract import (
    IDLE_SECONDS,
    LONGEST_SECONDS,
    MOST_AT_ONCE,
    PREVIEW_WORKFLOW,
    WAITING_SECONDS,
    PreviewRequest,
    PreviewState,
    preview_workflow_id,
)

__all__ = [
    "IDLE_SECONDS",
    "LONGEST_SECONDS",
    "MOST_AT_ONCE",
    "PREVIEW_WORKFLOW",
    "WAITING_SECONDS",
    "PreviewRequest",
    "PreviewState",
    "preview_workflow_id",
]
