"""Whether a run goes on with what its model understands of the prompt."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the column; runs from before it were not asked to."""
    op.add_column(
        "runs",
        sa.Column("accept_partial", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
