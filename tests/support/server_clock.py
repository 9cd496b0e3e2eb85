"""A clock of Redis that tests move: what scripts ask instead of TIME, kept in Redis itself."""

from datetime import datetime
from uuid import uuid4

from redis.asyncio import Redis


class ServerClock:
    """`lua` goes where `redis.call('TIME')` would; all who use it share one time."""

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
