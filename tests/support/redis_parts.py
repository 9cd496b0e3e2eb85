"""What tests of steps in Redis share: a clock that they move, a server that may die, processes."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import psutil
from redis.asyncio import Redis

from quantumlayer.cli.platform import control
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.state import observe
from tests.support.platform import clean_environment, new_home, platform_of

ROOT = Path(__file__).parents[2]


class ServerClock:
    """Kept in Redis itself: `lua` goes where `redis.call('TIME')` would, and all share one time."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._key = f"test-clock:{uuid4()}"
        self.lua = f"redis.call('HMGET', '{self._key}', 'seconds', 'microseconds')"

    async def set(self, moment: datetime) -> None:
        """The time is `moment` (aware), and stands still."""
        await self.set_microseconds(round(moment.timestamp() * 1e6))

    async def set_microseconds(self, microseconds: int) -> None:
        """The same in microseconds since 1970."""
        seconds, rest = divmod(microseconds, 1_000_000)
        items = ["seconds", str(seconds), "microseconds", str(rest)]
        await self._redis.hset(self._key, items=items)


class MortalRedis:
    """A Redis of our own; its keeper starts it again when it dies."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.url = platform_of(home).redis.client_url

    def process(self) -> psutil.Process:
        [part] = observe(self._home).parts
        assert part.process is not None
        return psutil.Process(part.process.pid)


@contextlib.contextmanager
def mortal_redis() -> Iterator[MortalRedis]:
    """A server that tests may suspend and kill."""
    with new_home() as home:
        environment = clean_environment(home)
        control.start(home, environment=environment, parts=("redis",), companion=os.getpid())
        yield MortalRedis(home)


async def said_by(program: str, *arguments: str) -> str:
    """What a process of its own prints that runs the Python program."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode()
