"""The list of queued runs, for the process that starts their workflows."""

from alembic import op

revision = "0003"
down_revision = "0002"

# Runs in the owner's name, because it looks at every organisation. It gives away nothing but ids:
# whoever has them still needs the organisation's own transaction to see or change the run.
_QUEUED_RUNS = """
    CREATE FUNCTION queued_runs()
    RETURNS TABLE (organisation_id uuid, run_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT organisation_id, id FROM runs WHERE status = 'queued' ORDER BY id LIMIT 1000
    $$
"""


def upgrade() -> None:
    """Creates the function and the index that it reads."""
    op.create_index("ix_runs_queued", "runs", ["id"], postgresql_where="status = 'queued'")
    op.execute(_QUEUED_RUNS)
