"""Rows of the router's tables as the store's nouns."""

from typing import Any

from sqlalchemy import Row

from quantumlayer.router.store import Amount, Budget, CallRecord, StoredReply
from quantumlayer.router.tables import ModelBudget, ModelCall


def as_reply(row: Row[*tuple[Any, ...]]) -> StoredReply:
    """The stored reply of a completed call's row."""
    return StoredReply(
        call_id=row.id,
        text=row.reply,
        finish_reason=row.finish_reason,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost_usd=row.cost_usd,
        priced=row.priced,
        model=row.model,
        provider=row.provider,
        duration_ms=row.duration_ms,
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
    return CallRecord(
        call_id=row.id,
        run_id=row.run_id,
        idempotency_key=row.idempotency_key,
        ordinal=row.ordinal,
        task=row.task,
        model=row.model,
        provider=row.provider,
        state=row.state,  # type: ignore[arg-type] # the table's check constraint allows no other
        finish_reason=row.finish_reason,  # type: ignore[arg-type] # written by `complete` alone
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost_usd=row.cost_usd,
        priced=row.priced,
        reserved=Amount(row.reserved_usd, row.reserved_tokens),
        duration_ms=row.duration_ms,
        error=row.error,
        created_at=row.created_at,
    )
