"""The router's tables: every call of a provider, and what each run may spend."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from quantumlayer.core.database import Base, Organised, new_id, now

# Prices of a million tokens have up to six digits, so nothing that is counted is ever rounded.
Usd = Annotated[Decimal, mapped_column(Numeric(24, 12))]


class ModelCall(Organised, Base):
    """One call of a provider: what was reserved for it, what came back, what it cost."""

    __tablename__ = "model_calls"
    __table_args__ = (
        UniqueConstraint("organisation_id", "idempotency_key", "ordinal"),
        CheckConstraint(
            "state IN ('reserved', 'completed', 'broken', 'failed')", name="known_state"
        ),
        CheckConstraint(
            "state NOT IN ('completed', 'broken') OR reply IS NOT NULL", name="completed_has_reply"
        ),
        CheckConstraint(
            "state <> 'completed' OR finish_reason IS NOT NULL", name="completed_has_an_end"
        ),
        Index("model_calls_of_run", "organisation_id", "run_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID | None]
    task: Mapped[str]
    # Who asked, and the one file that it was about; null where nobody said, or it was about more.
    agent: Mapped[str | None]
    path: Mapped[str | None]
    model: Mapped[str]
    provider: Mapped[str]
    idempotency_key: Mapped[str]
    # Counts the calls of one key, those without a reply included.
    ordinal: Mapped[int]
    # A reserved call may hold what has come of its reply so far.
    state: Mapped[str]
    request_hash: Mapped[str]
    reply: Mapped[str | None]
    finish_reason: Mapped[str | None]
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cached_tokens: Mapped[int] = mapped_column(default=0)
    cache_written_tokens: Mapped[int] = mapped_column(default=0)
    reasoning_tokens: Mapped[int] = mapped_column(default=0)
    cost_usd: Mapped[Usd] = mapped_column(default=Decimal(0))
    priced: Mapped[bool] = mapped_column(default=False)
    reserved_usd: Mapped[Usd]
    reserved_tokens: Mapped[int]
    duration_ms: Mapped[int | None]
    first_token_ms: Mapped[int | None]
    error: Mapped[str | None]
    lease_expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)


# The bare table: statements on it skip the object mapper, which every call would pay for.
CALLS = cast("Table", ModelCall.__table__)


class ModelBudget(Organised, Base):
    """What one run may spend on models; a null limit is none."""

    __tablename__ = "model_budgets"
    __table_args__ = (PrimaryKeyConstraint("organisation_id", "run_id"),)

    run_id: Mapped[UUID]
    limit_usd: Mapped[Usd | None]
    limit_tokens: Mapped[int | None]
    reserved_usd: Mapped[Usd] = mapped_column(default=Decimal(0))
    reserved_tokens: Mapped[int] = mapped_column(default=0)
    spent_usd: Mapped[Usd] = mapped_column(default=Decimal(0))
    spent_tokens: Mapped[int] = mapped_column(default=0)
