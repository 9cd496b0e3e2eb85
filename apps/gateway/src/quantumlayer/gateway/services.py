"""What a gateway process holds open: Redis, the configuration in use, its log of calls."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from quantumlayer.core.database import Database
from quantumlayer.gateway.audit import Drain, Journal, Records, spent_source
from quantumlayer.gateway.configuration import ChangesInFile, Live
from quantumlayer.gateway.observability import Metrics
from quantumlayer.gateway.serving.accounts import Accounts
from quantumlayer.gateway.serving.building import build, check_extras
from quantumlayer.gateway.serving.likeness import embedding_of, opened
from quantumlayer.gateway.serving.setup import Parts, Setup
from quantumlayer.router import close_connections
from quantumlayer.router.answers import (
    AnswerCache,
    Idempotency,
    MemoryIdempotency,
    RedisIdempotency,
    SemanticCache,
)
from quantumlayer.router.configuration import Configuration, ConfigurationError, placed, read_file
from quantumlayer.router.guardrails import Counts
from quantumlayer.router.leases import Leases
from quantumlayer.router.limits import FallbackLimiter, MemoryLimiter, RedisLimiter
from quantumlayer.router.money import Budgets, BudgetsUnavailable, MemoryBudgets, RedisBudgets
from quantumlayer.router.observability import exported
from quantumlayer.router.routing import HealthBook, failover_rules

_log = logging.getLogger(__name__)
_NAME = "quantumlayer-gateway"
_EVERY_SECONDS = 1.0
_CLEAR_AWAY_SECONDS = 60.0
_DAY_SECONDS = 86_400
# The rows of one process go over one connection; the second is for who reads them.
_CONNECTIONS = 2


@dataclass(frozen=True, slots=True)
class Services:
    """The configuration in use, and what it is served with."""

    live: Live[Setup]
    parts: Parts
    redis: "Redis | None"
    drain: Drain | None

    async def states(self) -> dict[str, str]:
        """`ok`, or what is wrong, by the part's name."""
        found = {"configuration": "ok" if self.live.problem is None else "wrong; the last is used"}
        if self.redis is not None:
            try:
                await asyncio.wait_for(self.redis.ping(), 1.0)
                found["redis"] = "ok"
            except (RedisError, OSError, TimeoutError):
                found["redis"] = "down"
        return found

    async def database_state(self) -> str | None:
        """`ok`, or what is wrong with PostgreSQL; None where there is none."""
        return None if self.drain is None else await self.drain.state()


@asynccontextmanager
async def open_services(path: Path) -> AsyncIterator[Services]:
    """Everything open and running.

    Raises `ConfigurationError` where the file is wrong, and `TracingUnavailable`.
    """
    first = await asyncio.to_thread(read_file, path, os.environ)
    try:
        check_extras(first)
    except ConfigurationError as error:
        raise placed(error, path, os.environ) from None
    async with (
        exported(_NAME, first.tracing.endpoint),
        opened(first) as semantic,
        _opened(path, first, semantic) as services,
    ):
        yield services


@asynccontextmanager
async def _opened(
    path: Path, first: Configuration, semantic: SemanticCache | None
) -> AsyncIterator[Services]:
    redis = None if first.redis is None else Redis.from_url(first.redis.get_secret_value())
    database = _database(first)
    state = Path(first.state)
    keep = first.audit.keep_days * _DAY_SECONDS
    journal = await asyncio.to_thread(partial(Journal, state / "audit", keep_seconds=keep))
    drain = None if database is None else Drain(journal, Records(database))
    parts = _parts(first, redis, semantic, journal, drain)
    changes = ChangesInFile(state / "changes.jsonl")
    live = Live(path, changes, partial(build, parts=parts), used=_keep_deployments)
    running = [
        asyncio.create_task(live.watch()),
        asyncio.create_task(_again(partial(asyncio.to_thread, parts.journal.sync))),
        asyncio.create_task(_again(parts.accounts.settle_late)),
        asyncio.create_task(_again(lambda: _attend(live.current))),
    ]
    if drain is not None:
        clear_away = partial(asyncio.to_thread, journal.clear_away)
        running += [
            asyncio.create_task(_again(drain)),
            asyncio.create_task(_again(clear_away, _CLEAR_AWAY_SECONDS)),
        ]
    try:
        yield Services(live, parts, redis, drain)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await parts.idempotency.close()
        await parts.accounts.settle_late()
        await parts.leases.close()
        if drain is not None:
            await drain()
        await asyncio.to_thread(parts.journal.close)
        await close_connections()
        if database is not None:
            await database.close()
        if redis is not None:
            await redis.aclose()


def _parts(
    configuration: Configuration,
    redis: "Redis | None",
    semantic: SemanticCache | None,
    journal: Journal,
    drain: Drain | None,
) -> Parts:
    local, leases, counts = MemoryLimiter(), Leases(), Counts()
    source = None if drain is None else spent_source(drain)
    budgets: Budgets = (
        RedisBudgets(redis, spent_source=source)
        if redis is not None
        else MemoryBudgets(spent_source=source)
    )
    cache = configuration.cache
    return Parts(
        health=HealthBook(),
        limiter=FallbackLimiter(RedisLimiter(redis), local) if redis is not None else local,
        accounts=Accounts(budgets, leases),
        leases=leases,
        idempotency=Idempotency(
            RedisIdempotency(redis) if redis is not None else MemoryIdempotency(), leases=leases
        ),
        cache=AnswerCache.of(
            redis,
            ttl_seconds=cache.seconds if cache else 3_600,
            memory_bytes=cache.memory_bytes if cache else 0,
        ),
        semantic=semantic,
        embedding=embedding_of(configuration),
        journal=journal,
        metrics=Metrics(counts),
        counts=counts,
        rules=failover_rules(),
    )


def _keep_deployments(setup: Setup) -> None:
    """Forgets how deployments did that are not there any more."""
    setup.parts.health.keep(setup.table.deployments())


async def _attend(setup: Setup) -> None:
    """Has budgets look whether they are still known, for everybody whose calls may come."""
    callers = setup.callers.by_hash.values()
    with_budgets = {caller.organisation for caller in callers if caller.metered}
    with suppress(BudgetsUnavailable):  # whoever calls is told so
        await setup.parts.accounts.budgets.attend(with_budgets)


def _database(configuration: Configuration) -> Database | None:
    url = configuration.database
    return None if url is None else Database(url.get_secret_value(), pool_size=_CONNECTIONS)


async def _again(work: Callable[[], Awaitable[object]], seconds: float = _EVERY_SECONDS) -> None:
    """Does `work` every so many seconds; what fails is said and tried again."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:  # noqa: BLE001 - whatever it is, the next time tries again
            _log.exception("what is done every %g s failed", seconds)
