"""Which agent asked a model, about which file, and what it cost without any rounding."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_CALLS = "model_calls"
_DOLLARS = {
    _CALLS: ("cost_usd", "reserved_usd"),
    "model_budgets": ("limit_usd", "reserved_usd", "spent_usd"),
}


def upgrade() -> None:
    """Adds the columns, of which older calls know nothing, and gives money three more digits."""
    for name in ("agent", "path"):
        op.add_column(_CALLS, sa.Column(name, sa.String, nullable=True))
    for table, columns in _DOLLARS.items():
        for column in columns:
            op.alter_column(table, column, type_=sa.Numeric(24, 12))
