"""Both kinds of limiters, on a clock that tests move."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from quantumlayer.router.limits import MemoryLimiter, RateLimiter, RedisLimiter
from tests.support.redis_parts import ServerClock


class Time:
    """What both kinds of limiters take for the time, in whole microseconds."""

    def __init__(self, server: ServerClock | None = None) -> None:
        self._server = server
        self.now = 1_000_000_000

    async def set(self, microseconds: int) -> None:
        self.now = microseconds
        if self._server:
            await self._server.set_microseconds(microseconds)

    async def passes(self, seconds: float) -> None:
        await self.set(self.now + round(seconds * 1e6))

    def seconds(self) -> float:
        return self.now / 1e6


LEASE_SECONDS = 60.0


def memory_limiter(time: Time, lease_seconds: float = LEASE_SECONDS) -> MemoryLimiter:
    return MemoryLimiter(lease_seconds=lease_seconds, clock=time.seconds)


async def redis_limiter(
    redis: "Redis", lease_seconds: float = LEASE_SECONDS
) -> tuple[RedisLimiter, Time]:
    """A limiter in Redis, and the clock that it goes by."""
    server = ServerClock(redis)
    time = Time(server)
    await time.set(time.now)
    limiter = RedisLimiter(
        redis, lease_seconds=lease_seconds, patience_seconds=30, clock=server.lua
    )
    return limiter, time


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator["Redis"]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


@pytest.fixture(params=["memory", "redis"])
async def timed(request: pytest.FixtureRequest, redis: "Redis") -> tuple[RateLimiter, Time]:
    """Each of the two kinds: what is true of one must be true of the other."""
    if request.param == "redis":
        return await redis_limiter(redis)
    time = Time()
    return memory_limiter(time), time


@pytest.fixture
def limiter(timed: tuple[RateLimiter, Time]) -> RateLimiter:
    return timed[0]


@pytest.fixture
def time(timed: tuple[RateLimiter, Time]) -> Time:
    return timed[1]


@pytest.fixture
def name() -> str:
    """Of a limit that nobody else uses."""
    return f"openai {uuid4()}"
