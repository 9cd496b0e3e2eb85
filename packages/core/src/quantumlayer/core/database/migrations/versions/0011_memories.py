"""What an organisation's passed runs are remembered by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from quantumlayer.core.database.row_security import enable_row_level_security

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Creates the table and puts it under row-level security."""
    op.create_table(
        "memories",
        sa.Column(
            "run_id", sa.Uuid, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column(
            "organisation_id",
            sa.Uuid,
            sa.ForeignKey("organisations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        *(
            sa.Column(name, sa.String, nullable=False)
            for name in ("title", "stack", "about", "requirements_object", "blueprint_object")
        ),
        sa.Column("stubs", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    enable_row_level_security("memories")
