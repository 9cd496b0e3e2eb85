"""Calls of models, and what each run may spend on them."""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from quantumlayer.core.database.row_security import enable_row_level_security

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the router's tables and puts each under row-level security."""
    _create_calls()
    _create_budgets()
    for table in ("model_calls", "model_budgets"):
        enable_row_level_security(table)


def _organisation() -> sa.Column[UUID]:
    return sa.Column(
        "organisation_id",
        sa.Uuid,
        sa.ForeignKey("organisations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    )


def _count(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _dollars(name: str, *, nullable: bool = False) -> sa.Column[Decimal]:
    return sa.Column(name, sa.Numeric(18, 9), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=nullable)


def _create_calls() -> None:
    op.create_table(
        "model_calls",
        sa.Column("id", sa.Uuid, primary_key=True),
        _organisation(),
        # No foreign key: the router also answers without a run, and knows nothing of runs.
        sa.Column("run_id", sa.Uuid, nullable=True),
        _text("task"),
        _text("model"),
        _text("provider"),
        _text("idempotency_key"),
        _count("ordinal"),
        _text("state"),
        _text("request_hash"),
        _text("reply", nullable=True),
        _text("finish_reason", nullable=True),
        _count("input_tokens"),
        _count("output_tokens"),
        _dollars("cost_usd"),
        sa.Column("priced", sa.Boolean, nullable=False),
        _dollars("reserved_usd"),
        _count("reserved_tokens"),
        _count("duration_ms", nullable=True),
        _text("error", nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("organisation_id", "idempotency_key", "ordinal"),
        sa.CheckConstraint("state IN ('reserved', 'completed', 'failed')", name="known_state"),
        sa.CheckConstraint("state <> 'completed' OR reply IS NOT NULL", name="completed_has_reply"),
    )
    op.create_index("model_calls_of_run", "model_calls", ["organisation_id", "run_id"])


def _create_budgets() -> None:
    op.create_table(
        "model_budgets",
        _organisation(),
        sa.Column("run_id", sa.Uuid, nullable=False),
        _dollars("limit_usd", nullable=True),
        _count("limit_tokens", nullable=True),
        _dollars("reserved_usd"),
        _count("reserved_tokens"),
        _dollars("spent_usd"),
        _count("spent_tokens"),
        sa.PrimaryKeyConstraint("organisation_id", "run_id"),
    )
