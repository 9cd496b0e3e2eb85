"""Both kinds of budgets, on a clock that tests move."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from quantumlayer.router.money import (
    Budgets,
    Limit,
    MemoryBudgets,
    Period,
    RedisBudgets,
    Scope,
    ScopeKind,
    SpentSource,
    Window,
)
from tests.support.redis_parts import ServerClock

A_DAY = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


class Time:
    """What both kinds of budgets take for the time."""

    def __init__(self, server: ServerClock) -> None:
        self._server = server
        self.now = A_DAY

    async def set(self, moment: datetime) -> None:
        self.now = moment
        await self._server.set(moment)

    async def passes(self, **time: float) -> None:
        """So much of it, as `timedelta` names it."""
        await self.set(self.now + timedelta(**time))

    def monotonic(self) -> float:
        return self.now.timestamp()


class Rows:
    """Stands where PostgreSQL's rows of calls do: what they say of a scope, and who asked."""

    def __init__(self) -> None:
        self.spent: dict[Scope, Decimal] = {}
        self.calls: dict[str, Decimal] = {}
        """What single calls cost, by the ids of their reservations, in whatever scope."""
        self.asked: list[tuple[Scope, Window]] = []

    async def __call__(self, scope: Scope, window: Window, besides: Collection[str]) -> Decimal:
        self.asked.append((scope, window))
        left_out = sum((self.calls[id_] for id_ in besides if id_ in self.calls), Decimal(0))
        return self.spent.get(scope, Decimal(0)) + sum(self.calls.values()) - left_out


@dataclass(frozen=True)
class Kind:
    """One of the two kinds of budgets: what is true of one must be true of the other."""

    name: str
    redis: "Redis"
    time: Time
    clock: str

    @property
    def most_unseen(self) -> timedelta:
        """Leases age no more than so while nobody looks: Redis's clock may jump, ours never."""
        return timedelta.max if self.name == "memory" else timedelta(seconds=20)

    def budgets(self, source: SpentSource | None = None) -> Budgets:
        if self.name == "memory":
            return MemoryBudgets(
                spent_source=source, now=lambda: self.time.now, monotonic=self.time.monotonic
            )
        return RedisBudgets(
            self.redis,
            spent_source=source,
            clock=self.clock,
            patience_seconds=30,
            grace_seconds=0.1,
        )


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator["Redis"]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


@pytest.fixture(params=["memory", "redis"])
async def kind(request: pytest.FixtureRequest, redis: "Redis") -> Kind:
    server = ServerClock(redis)
    time = Time(server)
    await time.set(A_DAY)
    return Kind(request.param, redis, time, server.lua)


@pytest.fixture
def budgets(kind: Kind) -> Budgets:
    """Without a source: unknown scopes begin with nothing spent."""
    return kind.budgets()


@pytest.fixture
def time(kind: Kind) -> Time:
    return kind.time


@pytest.fixture
def organisation() -> str:
    return str(uuid4())


@pytest.fixture
def day(organisation: str) -> Scope:
    return Scope(organisation, ScopeKind.ORGANISATION, organisation, Period.DAY)


@pytest.fixture
def month(organisation: str) -> Scope:
    return Scope(organisation, ScopeKind.PROJECT, "checkout", Period.MONTH)


@pytest.fixture
def run(organisation: str) -> Scope:
    return Scope(organisation, ScopeKind.RUN, str(uuid4()), Period.LIFETIME)


def limit(scope: Scope, usd: str | None) -> Limit:
    return Limit(scope, None if usd is None else Decimal(usd))
