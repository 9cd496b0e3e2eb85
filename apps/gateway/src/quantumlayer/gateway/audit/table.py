"""The table of calls, and a row of the audit as a row of it."""

from dataclasses import fields
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Index, Row, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from quantumlayer.core.database import Base
from quantumlayer.gateway.audit.rows import AuditRow


class GatewayCall(Base):
    """One call; what its columns mean stands at `AuditRow`.

    `organisation_id` follows from the organisation's name. It is no foreign key, since the
    gateway's organisations stand in its configuration.
    """

    __tablename__ = "gateway_calls"
    __table_args__ = (
        Index("gateway_calls_in_time", "organisation_id", "at", "id"),
        Index(
            "gateway_calls_of_run",
            "organisation_id",
            "run",
            "at",
            postgresql_where=text("run IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    at: Mapped[datetime]
    organisation: Mapped[str]
    project: Mapped[str | None]
    key: Mapped[str]
    endpoint: Mapped[str]
    model: Mapped[str]
    deployment: Mapped[str | None]
    status: Mapped[int]
    error: Mapped[str | None]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cached_tokens: Mapped[int]
    reasoning_tokens: Mapped[int]
    cost: Mapped[int | None]
    first_token: Mapped[int | None]
    duration: Mapped[int]
    attempts: Mapped[int]
    cache: Mapped[str]
    modules: Mapped[list[str]]
    run: Mapped[str | None]
    file: Mapped[str | None]


# The bare table: statements on it skip the object mapper.
CALLS = cast("Table", GatewayCall.__table__)


_COPIED = tuple(field.name for field in fields(AuditRow))


def as_columns(row: AuditRow, organisation_id: UUID) -> dict[str, Any]:
    """What is written of the row."""
    columns = {name: _storable(getattr(row, name)) for name in _COPIED}
    columns["organisation_id"] = organisation_id
    return columns


def as_row(found: Row[*tuple[Any, ...]]) -> AuditRow:
    """The row as it was handed over."""
    values = dict(found._mapping)  # noqa: SLF001 - SQLAlchemy's documented name for it
    del values["organisation_id"]
    return AuditRow(**{**values, "modules": tuple(values["modules"])})


def _storable(value: object) -> object:
    """The value without what PostgreSQL's text cannot hold; a row must never block the others."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode(errors="replace").decode()
    return list(value) if isinstance(value, tuple) else value
