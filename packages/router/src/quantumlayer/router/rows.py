"""Rows of the router's tables as the store's nouns, and a reply as the columns of its row."""

from typing import Any

from sqlalchemy import Row

from quantumlayer.router.store import (
    COUNTED,
    Amount,
    Budget,
    CallRecord,
    StoredReply,
    counts_of,
)
from quantumlayer.router.tables import ModelBudget, ModelCall

_LOGGED = (
    *COUNTED,
    "run_id",
    "idempotency_key",
    "ordinal",
    "task",
    "agent",
    "path",
    "provider",
    "state",
    "finish_reason",
    "error",
    "created_at",
)


def as_columns(reply: StoredReply) -> dict[str, Any]:
    """What a reply writes into its call's row."""
    return {**counts_of(reply), "reply": reply.text, "finish_reason": reply.finish_reason}


def as_reply(row: Row[*tuple[Any, ...]]) -> StoredReply:
    """The stored reply of a row whose call ended with one."""
    counted = {name: getattr(row, name) for name in COUNTED}
    return StoredReply(
        call_id=row.id,
        text=row.reply,
        finish_reason=row.finish_reason,
        provider=row.provider,
        **counted,
    )


def as_budget(row: ModelBudget) -> Budget:
    """A run's budget."""
    return Budget(
        limit_usd=row.limit_usd,
        limit_tokens=row.limit_tokens,
        spent=Amount(row.spent_usd, row.spent_tokens),
        reserved=Amount(row.reserved_usd, row.reserved_tokens),
    )


def as_record(row: ModelCall) -> CallRecord:
    """One line of the log of calls."""
    logged = {name: getattr(row, name) for name in _LOGGED}
    return CallRecord(
        call_id=row.id, reserved=Amount(row.reserved_usd, row.reserved_tokens), **logged
    )
