"""How many small changes of its code a run's tests notice, beside their coverage."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the column; runs from before it were not measured."""
    op.add_column("runs", sa.Column("mutation_score", sa.Numeric(), nullable=True))
