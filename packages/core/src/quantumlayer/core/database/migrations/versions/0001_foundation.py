"""Organisations, credentials, runs and what the API shows of them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from quantumlayer.core.database.row_security import enable_row_level_security

revision = "0001"
down_revision = None

_TENANT_TABLES = (
    "projects",
    "api_keys",
    "owner_links",
    "browser_sessions",
    "runs",
    "run_events",
    "run_files",
    "run_findings",
    "run_tests",
    "capsules",
)


def upgrade() -> None:
    """Creates the tables, puts each under row-level security, and the look-ups of credentials."""
    _create_identity()
    _create_runs()
    _create_projections()
    enable_row_level_security("organisations", column="id")
    for table in _TENANT_TABLES:
        enable_row_level_security(table)
    _create_credential_functions()


def _organisation() -> sa.Column[UUID]:
    return sa.Column(
        "organisation_id",
        sa.Uuid,
        sa.ForeignKey("organisations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    )


def _run_key() -> sa.Column[UUID]:
    return sa.Column(
        "run_id", sa.Uuid, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_identity() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("slug", sa.String, nullable=False, unique=True),
        _text("name"),
        _moment("created_at"),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.Uuid, primary_key=True),
        _organisation(),
        _text("slug"),
        _text("name"),
        _moment("created_at"),
        sa.UniqueConstraint("organisation_id", "slug"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid, primary_key=True),
        _organisation(),
        _text("name"),
        _text("role"),
        _text("prefix"),
        sa.Column("secret_hash", sa.String, nullable=False, unique=True),
        _moment("created_at"),
        _moment("revoked_at", nullable=True),
    )
    op.create_table(
        "owner_links",
        sa.Column("id", sa.Uuid, primary_key=True),
        _organisation(),
        sa.Column("secret_hash", sa.String, nullable=False, unique=True),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
    )
    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        _organisation(),
        sa.Column("secret_hash", sa.String, nullable=False, unique=True),
        _text("role"),
        _moment("created_at"),
        _moment("expires_at"),
    )


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Uuid, primary_key=True),
        _organisation(),
        sa.Column(
            "project_id", sa.Uuid, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False
        ),
        _text("idempotency_key"),
        _text("request_hash"),
        _text("prompt"),
        _text("language", nullable=True),
        _text("model"),
        sa.Column("limits", JSONB, nullable=False),
        sa.Column("status", sa.String, nullable=False, index=True),
        _text("verdict", nullable=True),
        _text("reason", nullable=True),
        _text("title", nullable=True),
        _text("requirements_object", nullable=True),
        _text("blueprint_object", nullable=True),
        _text("quality_report_object", nullable=True),
        _text("test_report_object", nullable=True),
        sa.Column("coverage", sa.Numeric(18, 9)),
        sa.Column("cost_usd", sa.Numeric(18, 9), nullable=False),
        sa.Column("last_event", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, index=True),
        _moment("started_at", nullable=True),
        _moment("first_file_at", nullable=True),
        _moment("finished_at", nullable=True),
        sa.UniqueConstraint("organisation_id", "idempotency_key"),
    )
    op.create_table(
        "run_events",
        _run_key(),
        sa.Column("sequence", sa.BigInteger, primary_key=True),
        _organisation(),
        _text("key"),
        _text("type"),
        sa.Column("data", JSONB, nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("run_id", "key"),
    )


def _create_projections() -> None:
    op.create_table(
        "run_files",
        _run_key(),
        sa.Column("path", sa.String, primary_key=True),
        _organisation(),
        _text("sha256"),
        sa.Column("size", sa.BigInteger, nullable=False),
        _text("role"),
        _text("origin"),
        sa.Column("requirements", JSONB, nullable=False),
        _moment("updated_at"),
    )
    op.create_table(
        "run_findings",
        _run_key(),
        sa.Column("ordinal", sa.BigInteger, primary_key=True),
        _organisation(),
        _text("rule"),
        _text("severity"),
        _text("path"),
        sa.Column("line", sa.BigInteger, nullable=False),
        sa.Column("column", sa.BigInteger, nullable=False),
        _text("message"),
        _text("fix", nullable=True),
        _text("tool"),
    )
    op.create_table(
        "run_tests",
        _run_key(),
        sa.Column("ordinal", sa.BigInteger, primary_key=True),
        _organisation(),
        _text("name"),
        _text("path"),
        sa.Column("line", sa.BigInteger),
        _text("outcome"),
        _text("message"),
        sa.Column("duration_seconds", sa.Double, nullable=False),
    )
    op.create_table(
        "capsules",
        _run_key(),
        _organisation(),
        _text("sha256"),
        sa.Column("size", sa.BigInteger, nullable=False),
        _text("file_name"),
        _text("verdict"),
        _text("signer"),
        _moment("created_at"),
    )


# A credential is looked up before its organisation is known, so these run in the owner's name.
# Each takes a sha256 and gives back only the row of exactly that secret.
_CREDENTIAL_FUNCTIONS = (
    """
    CREATE FUNCTION find_api_key(hash text)
    RETURNS TABLE (id uuid, organisation_id uuid, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT id, organisation_id, role FROM api_keys
        WHERE secret_hash = hash AND revoked_at IS NULL
    $$
    """,
    """
    CREATE FUNCTION find_browser_session(hash text)
    RETURNS TABLE (id uuid, organisation_id uuid, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT id, organisation_id, role FROM browser_sessions
        WHERE secret_hash = hash AND expires_at > now()
    $$
    """,
    """
    CREATE FUNCTION use_owner_link(hash text)
    RETURNS TABLE (id uuid, organisation_id uuid)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE owner_links SET used_at = now()
        WHERE secret_hash = hash AND used_at IS NULL AND expires_at > now()
        RETURNING id, organisation_id
    $$
    """,
)


def _create_credential_functions() -> None:
    for function in _CREDENTIAL_FUNCTIONS:
        op.execute(function)
