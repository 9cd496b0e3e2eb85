"""What was sent to be changed is deleted when nobody needs it any more."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0012"
down_revision = "0011"

# Both run in the owner's name, because contents are kept once for all organisations. They give away
# ids and addresses alone: whoever has them still needs the organisation's own transaction.
#
# A folder that is gone can begin no run; it comes again until all that it brought is deleted.
_GONE_FOLDERS = """
    CREATE FUNCTION gone_folders(unused_since timestamptz)
    RETURNS TABLE (organisation_id uuid, folder_id uuid, objects text[])
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE folders SET gone_at = coalesce(gone_at, now())
        WHERE gone_at IS NOT NULL OR created_at < unused_since AND NOT EXISTS (
            SELECT FROM runs
            WHERE runs.organisation_id = folders.organisation_id
            AND runs.base_object = folders.base_object
            AND (status NOT IN ('finished', 'cancelled')
                 OR coalesce(finished_at, runs.created_at) >= unused_since)
        )
        RETURNING organisation_id, id, folders.objects || base_object::text
    $$
"""
_NEEDED_OBJECTS = """
    CREATE FUNCTION needed_objects(addresses text[])
    RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT unnest(addresses) INTERSECT (
            SELECT sha256 FROM run_files WHERE sha256 = ANY (addresses)
            UNION SELECT sha256 FROM capsules
            UNION SELECT unnest(objects || base_object::text) FROM folders WHERE gone_at IS NULL
            UNION SELECT unnest(ARRAY[requirements_object, blueprint_object, test_report_object,
                                      quality_report_object]::text[]) FROM runs
            UNION SELECT unnest(ARRAY[requirements_object, blueprint_object]::text[]) FROM memories
            UNION SELECT value FROM memories, jsonb_each_text(stubs)
        )
    $$
"""


def upgrade() -> None:
    """Adds what a folder brought, when it went, and who asks what may go with it."""
    op.add_column(
        "folders", sa.Column("objects", ARRAY(sa.Text), nullable=False, server_default="{}")
    )
    op.add_column("folders", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("run_files_by_content", "run_files", ["sha256"])
    op.create_index(
        "runs_by_base", "runs", ["base_object"], postgresql_where="base_object IS NOT NULL"
    )
    op.execute(_GONE_FOLDERS)
    op.execute(_NEEDED_OBJECTS)
