"""Files that can be run as programs."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Adds the column; of older files nobody knows, and they were delivered as plain ones."""
    op.add_column(
        "run_files", sa.Column("executable", sa.Boolean, nullable=False, server_default="false")
    )
