"""Appending to and following the log of a run."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import Database
from quantumlayer.core.events.types import EventType
from quantumlayer.core.runs.tables import Run, RunEvent

_logger = logging.getLogger(__name__)
_PAGE = 500
_POLL_SECONDS = 1.0
_FINAL = frozenset({EventType.RUN_FINISHED, EventType.RUN_CANCELLED})


class Event(BaseModel):
    """One line of a run's story."""

    model_config = ConfigDict(frozen=True)

    run_id: UUID
    sequence: int
    type: EventType
    data: dict[str, Any]
    created_at: datetime


class EventLog:
    """The log in PostgreSQL is the truth; Redis only says that there is more to read."""

    def __init__(self, database: Database, redis: "Redis") -> None:
        self._database = database
        self._redis = redis

    async def append(
        self,
        session: AsyncSession,
        run_id: UUID,
        key: str,
        kind: EventType,
        data: Mapping[str, Any],
    ) -> int | None:
        """Adds an event inside `session`'s transaction; returns its number.

        `key` names the event within its run: appended again, nothing happens and None is
        returned. Call `announce` after the transaction has committed.
        """
        await session.flush()
        # The lock gives numbers in the order of commits: a follower never skips a late one.
        run = await session.get_one(Run, run_id, with_for_update=True, populate_existing=True)
        known = await session.scalar(
            select(RunEvent.sequence).where(RunEvent.run_id == run_id, RunEvent.key == key)
        )
        if known is not None:
            return None
        run.last_event += 1
        session.add(
            RunEvent(
                run_id=run_id,
                sequence=run.last_event,
                key=key,
                type=kind,
                data=dict(data),
                organisation_id=run.organisation_id,
            )
        )
        await session.flush()
        return run.last_event

    async def announce(self, run_id: UUID) -> None:
        """Tells whoever follows `run_id` to read on. Never fails: followers also poll."""
        try:
            await self._redis.publish(_channel(run_id), b"")
        except (RedisError, OSError) as error:
            _logger.warning("could not announce events of run %s: %s", run_id, error)

    async def read(
        self, organisation_id: UUID, run_id: UUID, after: int, limit: int = _PAGE
    ) -> Sequence[Event]:
        """At most `limit` events with numbers greater than `after`, in order."""
        async with self._database.tenant(organisation_id) as session:
            rows = await session.scalars(
                select(RunEvent)
                .where(
                    RunEvent.organisation_id == organisation_id,
                    RunEvent.run_id == run_id,
                    RunEvent.sequence > after,
                )
                .order_by(RunEvent.sequence)
                .limit(limit)
            )
            return [
                Event(
                    run_id=row.run_id,
                    sequence=row.sequence,
                    type=EventType(row.type),
                    data=row.data,
                    created_at=row.created_at,
                )
                for row in rows
            ]

    async def follow(
        self, organisation_id: UUID, run_id: UUID, after: int = 0
    ) -> AsyncGenerator[Event, None]:
        """Every event after number `after`, as it happens, until the run's last one.

        Goes on by polling while Redis is away.
        """
        async with _Bell(self._redis, _channel(run_id)) as bell:
            while True:
                events = await self.read(organisation_id, run_id, after)
                for event in events:
                    yield event
                    after = event.sequence
                    if event.type in _FINAL:
                        return
                if len(events) < _PAGE:
                    await bell.wait(_POLL_SECONDS)


class _Bell:
    """Rings when a channel of Redis says something, or after a while in any case."""

    def __init__(self, redis: "Redis", channel: str) -> None:
        self._pubsub = redis.pubsub(ignore_subscribe_messages=True)
        self._channel = channel
        self._subscribed = False

    async def __aenter__(self) -> Self:
        await self._subscribe()
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(RedisError, OSError):
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]  # untyped in the client

    async def _subscribe(self) -> None:
        with contextlib.suppress(RedisError, OSError):
            await self._pubsub.subscribe(self._channel)
            self._subscribed = True

    async def wait(self, seconds: float) -> None:
        if not self._subscribed:
            await asyncio.sleep(min(seconds, 0.25))
            await self._subscribe()
            return
        try:
            await self._pubsub.get_message(timeout=seconds)
        except (RedisError, OSError):
            self._subscribed = False


def _channel(run_id: UUID) -> str:
    return f"run-events:{run_id}"
