"""What happens to a Redis in the middle of calls, and how much of it a run of tests shows."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from tests.support.redis_parts import MortalRedis

_ALL = os.environ.get("QL_FAULTS") == "all"
_Each = TypeVar("_Each")

Trouble = Callable[[MortalRedis], Coroutine[None, None, None]]


def sample(family: Sequence[_Each], *shown: int) -> Sequence[_Each]:
    """The whole family with QL_FAULTS=all, else those at the places `shown`."""
    return family if _ALL else [family[place] for place in shown]


async def killed(redis: MortalRedis) -> None:
    """It dies, and its keeper starts it again with what it had written down."""
    process = redis.process()
    process.kill()
    await asyncio.to_thread(process.wait, 20)
    await answering(redis)


async def paused(redis: MortalRedis) -> None:
    """It holds still for longer than anybody waits, and goes on where it was."""
    process = redis.process()
    process.suspend()
    await asyncio.sleep(3)
    process.resume()
    await answering(redis)


async def stuttering(redis: MortalRedis) -> None:
    """It holds still again and again, now and then long enough to be given up."""
    process = redis.process()
    for seconds in (0.2, 1.2, 0.4, 2.4):
        process.suspend()
        await asyncio.sleep(seconds)
        process.resume()
        await asyncio.sleep(0.3)
    await answering(redis)


async def cut_off(redis: MortalRedis) -> None:
    """It breaks every connection off, again and again, and serves the next ones."""
    async with client_of(redis) as client:
        for _ in range(10):
            await client.client_kill_filter(_type="normal", skipme=True)
            await asyncio.sleep(0.1)


async def until(true: Callable[[], bool]) -> None:
    """Waits until it is true; raises TimeoutError when that does not happen soon."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - files and servers tell nobody
            await asyncio.sleep(0.02)


async def flushed(redis: MortalRedis) -> None:
    """It forgets everything, again and again."""
    async with client_of(redis) as client:
        for _ in range(5):
            await client.flushall()
            await asyncio.sleep(0.3)


async def answering(redis: MortalRedis) -> None:
    """Waits until it serves again."""
    async with asyncio.timeout(60), client_of(redis) as client:
        while True:
            try:
                await asyncio.wait_for(client.ping(), 0.5)
            except (RedisError, OSError, TimeoutError):
                await asyncio.sleep(0.05)
            else:
                return


@asynccontextmanager
async def client_of(redis: MortalRedis) -> AsyncIterator["Redis"]:
    """A client that says at once that the server is gone."""
    async with Redis.from_url(redis.url, retry=Retry(NoBackoff(), 0)) as client:
        yield client
