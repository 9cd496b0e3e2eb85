"""What a migration says to put a table under row-level security."""

from alembic import op

CURRENT_ORGANISATION = "nullif(current_setting('app.organisation_id', true), '')::uuid"


def enable_row_level_security(table: str, *, column: str = "organisation_id") -> None:
    """Shows and accepts only the rows of the transaction's organisation; without one, none.

    The owner of the table (the migrations' role) is exempt, the application's role is not.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY {table}_of_organisation ON {table} "
        f"USING ({column} = {CURRENT_ORGANISATION}) WITH CHECK ({column} = {CURRENT_ORGANISATION})"
    )
