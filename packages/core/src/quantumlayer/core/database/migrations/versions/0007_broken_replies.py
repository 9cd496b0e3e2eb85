"""Replies that broke off, and what of their tokens was cached, cached anew, or only thought."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TABLE = "model_calls"


def upgrade() -> None:
    """Adds the columns and lets a call be broken; what is there keeps its meaning."""
    for name in ("cached_tokens", "cache_written_tokens", "reasoning_tokens"):
        op.add_column(_TABLE, sa.Column(name, sa.BigInteger, nullable=False, server_default="0"))
    op.add_column(_TABLE, sa.Column("first_token_ms", sa.BigInteger, nullable=True))
    for name in ("known_state", "completed_has_reply"):
        op.drop_constraint(name, _TABLE)
    op.create_check_constraint(
        "known_state", _TABLE, "state IN ('reserved', 'completed', 'broken', 'failed')"
    )
    op.create_check_constraint(
        "completed_has_reply", _TABLE, "state NOT IN ('completed', 'broken') OR reply IS NOT NULL"
    )
    op.create_check_constraint(
        "completed_has_an_end", _TABLE, "state <> 'completed' OR finish_reason IS NOT NULL"
    )
