"""What a run changes: another run's version, or a folder that somebody has sent."""

import sqlalchemy as sa
from alembic import op

from quantumlayer.core.database.row_security import enable_row_level_security

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Adds the columns, of which older runs know nothing, and the table of what was sent."""
    op.add_column("runs", sa.Column("parent_id", sa.Uuid, nullable=True))
    op.add_column("runs", sa.Column("base_object", sa.String, nullable=True))
    # With the organisation in the key no run can have somebody else's for its parent.
    op.create_unique_constraint("runs_of_organisation", "runs", ["organisation_id", "id"])
    op.execute(
        "ALTER TABLE runs ADD CONSTRAINT parent_of_organisation"
        " FOREIGN KEY (organisation_id, parent_id) REFERENCES runs (organisation_id, id)"
        " ON DELETE SET NULL (parent_id)"
    )
    op.create_index("runs_by_parent", "runs", ["parent_id"])
    op.create_table(
        "folders",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column(
            "organisation_id",
            sa.Uuid,
            sa.ForeignKey("organisations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("base_object", sa.String, nullable=False),
        sa.Column("parent_id", sa.Uuid, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    enable_row_level_security("folders")
