"""Previews of what runs have made."""

import sqlalchemy as sa
from alembic import op

from quantumlayer.core.database.row_security import enable_row_level_security

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Creates the table and puts it under row-level security."""
    op.create_table(
        "previews",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "organisation_id",
            sa.Uuid,
            sa.ForeignKey("organisations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column(
            "run_id",
            sa.Uuid,
            sa.ForeignKey("runs.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=True),
        sa.Column("log", sa.String, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('building', 'ready', 'failed', 'ended')", name="known_preview_state"
        ),
    )
    enable_row_level_security("previews")
