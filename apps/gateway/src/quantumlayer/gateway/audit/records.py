"""The audit in PostgreSQL: rows written once however often they come, read by page, summed up."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from quantumlayer.core.database import Database, is_database_away
from quantumlayer.core.identity import organisation_id
from quantumlayer.gateway.audit.rows import AuditRow
from quantumlayer.gateway.audit.table import CALLS, as_columns, as_row
from quantumlayer.router.money import Window

_INSERT = insert(CALLS).on_conflict_do_nothing()
_LOOK = select(CALLS.c.id).limit(0)
_LOOK_SECONDS = 1.0
# SQLSTATE: no such table, no such column.
_NOT_MIGRATED = ("42P01", "42703")
_PICODOLLARS = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of an organisation are read, newest first; `before` is the id of the last one."""

    organisation: str
    run: str | None = None
    key: str | None = None
    since: datetime | None = None
    before: UUID | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose calls are summed up: an organisation's, or of it a project's or a key's alone.

    A key belongs to a project, or to none. With a `run` only the calls that were made for it.
    """

    organisation: str
    project: str | None = None
    key: str | None = None
    run: str | None = None


class Records:
    """Rows of calls, each seen by its own organisation alone. Raises what the database raises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, rows: Sequence[AuditRow]) -> None:
        """Keeps the rows for good; those that are there already stay as they are."""
        ordered = sorted(rows, key=lambda row: row.organisation)
        for organisation, its in groupby(ordered, key=lambda row: row.organisation):
            tenant = organisation_id(organisation)
            columns = [as_columns(row, tenant) for row in its]
            async with self._database.tenant(tenant) as session:
                await session.execute(_INSERT, columns)

    async def page(self, wanted: Wanted) -> list[AuditRow]:
        """At most `limit` rows, newest first."""
        tenant = organisation_id(wanted.organisation)
        found = (
            select(CALLS)
            .where(CALLS.c.organisation_id == tenant, *_conditions(wanted))
            .order_by(CALLS.c.at.desc(), CALLS.c.id.desc())
            .limit(wanted.limit)
        )
        async with self._database.tenant(tenant) as session:
            return [as_row(row) for row in await session.execute(found)]

    async def spent(self, payer: Payer, window: Window, besides: Sequence[UUID] = ()) -> Decimal:
        """The dollars that calls of the window have cost, without the calls `besides`."""
        tenant = organisation_id(payer.organisation)
        conditions = [CALLS.c.organisation_id == tenant]
        if window.starts_at is not None:
            conditions.append(CALLS.c.at >= window.starts_at)
        if window.ends_at is not None:
            conditions.append(CALLS.c.at < window.ends_at)
        if payer.key is not None or payer.project is not None:
            conditions.append(CALLS.c.project.is_not_distinct_from(payer.project))
        if payer.key is not None:
            conditions.append(CALLS.c.key == payer.key)
        if payer.run is not None:
            conditions.append(CALLS.c.run == payer.run)
        if besides:
            conditions.append(CALLS.c.id.not_in(besides))
        async with self._database.tenant(tenant) as session:
            picodollars = await session.scalar(select(func.sum(CALLS.c.cost)).where(*conditions))
        return Decimal(picodollars or 0) / _PICODOLLARS

    async def state(self) -> str:
        """`ok`, or what is wrong."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS), self._database.nobody() as session:
                await session.execute(_LOOK)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong
            return what_is_wrong(error)
        return "ok"


def what_is_wrong(error: BaseException) -> str:
    """A failure of the database in a few words that give nothing away."""
    if isinstance(error, OSError) or is_database_away(error):
        return "down"
    cause = getattr(getattr(error, "orig", None), "__cause__", None) or error
    if getattr(cause, "sqlstate", None) in _NOT_MIGRATED:
        return "without the audit's table; run `quantumlayer gateway migrate`"
    return f"wrong: {type(cause).__name__}"


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.run is not None:
        found.append(CALLS.c.run == wanted.run)
    if wanted.key is not None:
        found.append(CALLS.c.key == wanted.key)
    if wanted.since is not None:
        found.append(CALLS.c.at >= wanted.since)
    if wanted.before is not None:
        last = select(CALLS.c.at, CALLS.c.id).where(CALLS.c.id == wanted.before)
        found.append(tuple_(CALLS.c.at, CALLS.c.id) < last.scalar_subquery())
    return found
