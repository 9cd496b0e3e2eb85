"""What a gateway process holds open: Redis, the configuration in use, its log of calls."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from quantumlayer.gateway.audit import Journal
from quantumlayer.gateway.configuration import ChangesInFile, Configuration, Live, read_file
from quantumlayer.gateway.observability import Metrics
from quantumlayer.gateway.serving.accounts import Accounts
from quantumlayer.gateway.serving.building import build
from quantumlayer.gateway.serving.setup import Parts, Setup
from quantumlayer.router import close_connections
from quantumlayer.router.answers import (
    AnswerCache,
    Idempotency,
    MemoryIdempotency,
    RedisIdempotency,
)
from quantumlayer.router.limits import FallbackLimiter, MemoryLimiter, RedisLimiter
from quantumlayer.router.money import MemoryBudgets, RedisBudgets
from quantumlayer.router.routing import HealthBook, failover_rules

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Services:
    """The configuration in use, and what it is served with."""

    live: Live[Setup]
    parts: Parts
    redis: "Redis | None"

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


@asynccontextmanager
async def open_services(path: Path) -> AsyncIterator[Services]:
    """Everything open and running; raises `ConfigurationError` where the file is wrong."""
    first = await asyncio.to_thread(read_file, path, os.environ)
    redis = None if first.redis is None else Redis.from_url(first.redis.get_secret_value())
    state = Path(first.state)
    parts = _parts(first, redis, await asyncio.to_thread(Journal, state / "audit"))
    live = Live(path, ChangesInFile(state / "changes.jsonl"), partial(build, parts=parts))
    running = [
        asyncio.create_task(live.watch()),
        asyncio.create_task(_again(partial(asyncio.to_thread, parts.journal.sync))),
        asyncio.create_task(_again(parts.accounts.settle_late)),
    ]
    try:
        yield Services(live, parts, redis)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await parts.idempotency.close()
        await parts.accounts.settle_late()
        await asyncio.to_thread(parts.journal.close)
        await close_connections()
        if redis is not None:
            await redis.aclose()


def _parts(configuration: Configuration, redis: "Redis | None", journal: Journal) -> Parts:
    local = MemoryLimiter()
    cache = configuration.cache
    return Parts(
        health=HealthBook(),
        limiter=FallbackLimiter(RedisLimiter(redis), local) if redis is not None else local,
        accounts=Accounts(RedisBudgets(redis) if redis is not None else MemoryBudgets()),
        idempotency=Idempotency(
            RedisIdempotency(redis) if redis is not None else MemoryIdempotency()
        ),
        cache=AnswerCache.of(
            redis,
            ttl_seconds=cache.seconds if cache else 3_600,
            memory_bytes=cache.memory_bytes if cache else 0,
        ),
        journal=journal,
        metrics=Metrics(),
        rules=failover_rules(),
    )


async def _again(work: Callable[[], Awaitable[object]]) -> None:
    """Does `work` every second; what fails is said and tried again."""
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        try:
            await work()
        except Exception:  # noqa: BLE001 - whatever it is, the next second tries again
            _log.exception("what is done every second failed")
