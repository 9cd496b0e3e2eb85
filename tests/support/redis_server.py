"""A Redis of a test's own, which can be stopped and started again with what it knew."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from quantumlayer.cli.platform import control
from quantumlayer.cli.platform.home import Home
from tests.support.platform import clean_environment, new_home, platform_of


class RedisServer:
    """Runs at one address for as long as the test; `client()` gives connections to it."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def url(self) -> str:
        return platform_of(self._home).redis.client_url

    async def start(self) -> None:
        await asyncio.to_thread(
            control.start,
            self._home,
            environment=clean_environment(self._home),
            parts=["redis"],
            companion=os.getpid(),
        )

    async def stop(self) -> None:
        await asyncio.to_thread(control.stop, self._home)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Redis]:
        # It says at once that the server is gone, and comes back to it without a pause.
        async with Redis.from_url(self.url, retry=Retry(NoBackoff(), 1)) as client:
            yield client


@asynccontextmanager
async def redis_server() -> AsyncIterator[RedisServer]:
    """A server that runs."""
    with new_home() as home:
        server = RedisServer(home)
        await server.start()
        yield server
