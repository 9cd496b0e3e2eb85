"""Calls that the gateway has served."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from quantumlayer.core.database.row_security import enable_row_level_security

revision = "0009"
down_revision = "0008"

_TABLE = "gateway_calls"


def upgrade() -> None:
    """Creates the table with what it is asked by, and puts it under row-level security."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid, primary_key=True),
        # No foreign key: the gateway's organisations stand in its configuration.
        sa.Column("organisation_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(_text(name) for name in ("organisation", "key", "endpoint", "model", "cache")),
        *(_text(name, nullable=True) for name in ("project", "deployment", "error", "run", "file")),
        *(
            _number(name)
            for name in (
                "status",
                "input_tokens",
                "output_tokens",
                "cached_tokens",
                "reasoning_tokens",
                "duration",
                "attempts",
            )
        ),
        *(_number(name, nullable=True) for name in ("cost", "first_token")),
        sa.Column("modules", JSONB, nullable=False),
    )
    op.create_index("gateway_calls_in_time", _TABLE, ["organisation_id", "at", "id"])
    op.create_index(
        "gateway_calls_of_run",
        _TABLE,
        ["organisation_id", "run", "at"],
        postgresql_where=sa.text("run IS NOT NULL"),
    )
    enable_row_level_security(_TABLE)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)
