"""The call store in PostgreSQL: stored replies and budgets that hold across processes."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Interval, Row, and_, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import Database, new_id
from quantumlayer.router.errors import IdempotencyConflict
from quantumlayer.router.rows import as_columns, as_record, as_reply
from quantumlayer.router.settlement import (
    count_late,
    end_calls,
    end_unfinished,
    read_budget,
    release_dead,
    reserve,
)
from quantumlayer.router.store import (
    Budget,
    Busy,
    CallRecord,
    Claim,
    ClaimOutcome,
    Granted,
    Refused,
    Replayed,
    StoredReply,
    conflict_message,
)
from quantumlayer.router.tables import CALLS, ModelBudget, ModelCall

_log = logging.getLogger(__name__)
_ERROR_LIMIT = 2_000
_STORE_PAUSES = (0.2, 1.0, None)
_ANSWERED = ("completed", "broken")

# What runs for every call is built once; building a statement costs as much as running it.
_LEASE_END = func.clock_timestamp() + bindparam("lease", type_=Interval)
_INSERT = insert(CALLS).values(lease_expires_at=_LEASE_END)
_ROWS_OF_KEY = (
    select(*CALLS.c, (CALLS.c.lease_expires_at > func.clock_timestamp()).label("alive"))
    .where(
        CALLS.c.organisation_id == bindparam("organisation"),
        CALLS.c.idempotency_key == bindparam("key"),
    )
    .order_by(CALLS.c.ordinal)
)
_LOCK_KEY = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))


class PostgresCallStore:
    """Calls and budgets in the tables `model_calls` and `model_budgets`.

    Whether a claim is alive is decided by the database's clock alone. Locks are taken in one
    order everywhere: the key, then calls, then the budget.
    """

    def __init__(self, database: Database, *, lease_seconds: float = 15.0) -> None:
        self._database = database
        self._lease_seconds = lease_seconds

    @property
    def lease_seconds(self) -> float:
        """How long a claim lives without being renewed."""
        return self._lease_seconds

    async def open_budget(
        self,
        organisation_id: UUID,
        run_id: UUID,
        *,
        limit_usd: Decimal | None,
        limit_tokens: int | None = None,
    ) -> None:
        """Gives a run its limits (None: unlimited); called again it changes the limits alone."""
        limits = {"limit_usd": limit_usd, "limit_tokens": limit_tokens}
        key = {"organisation_id": organisation_id, "run_id": run_id}
        statement = upsert(ModelBudget).values(**key, **limits)
        async with self._database.tenant(organisation_id) as session:
            await session.execute(
                statement.on_conflict_do_update(index_elements=list(key), set_=limits)
            )

    async def budget(self, organisation_id: UUID, run_id: UUID) -> Budget | None:
        """The run's budget as it stands, None when none was opened."""
        async with self._database.tenant(organisation_id) as session:
            return await read_budget(session, organisation_id, run_id)

    async def claim(self, claim: Claim) -> ClaimOutcome:
        """Finds the stored reply or reserves a call; raises `IdempotencyConflict`."""
        async with self._database.tenant(claim.organisation_id) as session:
            name = f"{claim.organisation_id}:{claim.idempotency_key}"
            await session.execute(_LOCK_KEY, {"name": name})
            rows = await _rows_of_key(session, claim)
            if any(row.request_hash != claim.request_hash for row in rows):
                raise IdempotencyConflict(conflict_message(claim))
            if any(row.state == "reserved" and not row.alive for row in rows):
                await release_dead(
                    session, claim, ModelCall.idempotency_key == claim.idempotency_key
                )
                rows = await _rows_of_key(session, claim)
            replies = [as_reply(row) for row in rows if row.state in _ANSWERED]
            if len(replies) > claim.answered:
                return Replayed(tuple(replies[claim.answered :]))
            if any(row.state == "reserved" for row in rows):
                return Busy()
            if not claim.may_buy or not await reserve(session, claim):
                return Refused(await read_budget(session, claim.organisation_id, claim.run_id))
            return Granted(await self._insert(session, claim, ordinal=len(rows)))

    async def renew(self, organisation_id: UUID, call_id: UUID) -> None:
        """Keeps a claim alive for another `lease_seconds`."""
        await self._renew(organisation_id, call_id, {})

    async def keep(self, organisation_id: UUID, partial: StoredReply) -> None:
        """Writes down what has come of a reply so far, and keeps its claim alive."""
        await self._renew(organisation_id, partial.call_id, as_columns(partial))

    async def complete(
        self, organisation_id: UUID, reply: StoredReply, *, error: str | None = None
    ) -> bool:
        """Stores the reply and settles its cost; False when the claim had been given away.

        The reply is paid for, so a connection that breaks just now is no reason to lose it.
        """
        for pause in _STORE_PAUSES:
            try:
                return await self._complete(organisation_id, reply, error)
            except (DBAPIError, OSError):
                if pause is None:
                    raise
                _log.warning("storing the reply of call %s failed; trying again", reply.call_id)
                await asyncio.sleep(pause)
        raise AssertionError("the last pause is None")

    async def fail(
        self, organisation_id: UUID, call_id: UUID, *, error: str, duration_ms: int
    ) -> None:
        """Writes down why a call gave no reply, and releases what was reserved for it."""
        async with self._database.tenant(organisation_id) as session:
            await end_unfinished(
                session,
                _is_call(organisation_id, call_id),
                organisation_id,
                {"error": error[:_ERROR_LIMIT], "duration_ms": duration_ms},
            )

    async def calls(self, organisation_id: UUID, run_id: UUID) -> tuple[CallRecord, ...]:
        """Every call of a run, oldest first."""
        statement = (
            select(ModelCall)
            .where(ModelCall.organisation_id == organisation_id, ModelCall.run_id == run_id)
            .order_by(ModelCall.created_at, ModelCall.id)
        )
        async with self._database.tenant(organisation_id) as session:
            return tuple(as_record(row) for row in await session.scalars(statement))

    async def _insert(self, session: AsyncSession, claim: Claim, *, ordinal: int) -> UUID:
        call_id = new_id()
        values = {
            "id": call_id,
            "organisation_id": claim.organisation_id,
            "run_id": claim.run_id,
            "task": claim.task,
            "agent": claim.agent,
            "path": claim.path,
            "model": claim.model,
            "provider": claim.provider,
            "idempotency_key": claim.idempotency_key,
            "ordinal": ordinal,
            "state": "reserved",
            "request_hash": claim.request_hash,
            "reserved_usd": claim.reserve.usd,
            "reserved_tokens": claim.reserve.tokens,
        }
        await session.execute(_INSERT, {**values, "lease": self._lease()})
        return call_id

    def _lease(self) -> timedelta:
        return timedelta(seconds=self._lease_seconds)

    async def _renew(self, organisation_id: UUID, call_id: UUID, values: dict[str, Any]) -> None:
        statement = (
            update(CALLS)
            .where(_is_call(organisation_id, call_id), CALLS.c.state == "reserved")
            .values(**values, lease_expires_at=_LEASE_END)
        )
        async with self._database.tenant(organisation_id) as session:
            await session.execute(statement, {"lease": self._lease()})

    async def _complete(self, organisation_id: UUID, reply: StoredReply, error: str | None) -> bool:
        columns, call = as_columns(reply), _is_call(organisation_id, reply.call_id)
        ended = {
            "state": "broken" if reply.broken else "completed",
            "error": None if error is None else error[:_ERROR_LIMIT],
        }
        async with self._database.tenant(organisation_id) as session:
            if await end_calls(session, call, organisation_id, {**columns, **ended}):
                return True
            if await _is_stored(session, call, ended):  # by a try whose answer got lost on the way
                return True
            # Released already: only what was really spent is still to be counted, once.
            await count_late(session, call, organisation_id, reply)
            return False


def _is_call(organisation_id: UUID, call_id: UUID) -> ColumnElement[bool]:
    return and_(ModelCall.organisation_id == organisation_id, ModelCall.id == call_id)


async def _rows_of_key(session: AsyncSession, claim: Claim) -> Sequence[Row[*tuple[Any, ...]]]:
    key = {"organisation": claim.organisation_id, "key": claim.idempotency_key}
    return (await session.execute(_ROWS_OF_KEY, key)).all()


async def _is_stored(
    session: AsyncSession, call: ColumnElement[bool], ended: dict[str, str | None]
) -> bool:
    same = (CALLS.c[name].is_not_distinct_from(value) for name, value in ended.items())
    return await session.scalar(select(CALLS.c.id).where(call, *same)) is not None
