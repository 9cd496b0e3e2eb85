"""Answers that all processes share, in Redis: gone is a miss, and costs next to no time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from quantumlayer.router.answers.keys import AnswerKey
from quantumlayer.router.answers.nouns import Answer
from quantumlayer.router.answers.packing import UnreadableAnswer, pack_aside, unpack_aside
from quantumlayer.router.answers.rests import Rest
from quantumlayer.router.redis_line import line_to

_Result = TypeVar("_Result")


class RedisGone(Exception):  # noqa: N818 - the name says what happened
    """Redis did not serve, or rests because it did not serve a moment ago."""


class RedisAnswers:
    """One key an answer, with Redis's own expiry.

    `redis` gives back bytes (no `decode_responses`). A command gets `limit_seconds`, the client's
    own retries included; after one that failed Redis is left alone for `rest_seconds`. `clock`:
    monotonic seconds.
    """

    def __init__(
        self,
        redis: "Redis",
        *,
        most_bytes: int,
        clock: Callable[[], float],
        limit_seconds: float = 0.25,
        rest_seconds: float = 1.0,
    ) -> None:
        self._line = line_to(redis)
        self._most_bytes = most_bytes
        self._limit_seconds = limit_seconds
        self._rest = Rest(rest_seconds, clock)
        self.failures = 0
        self.unreadable = 0

    async def find(self, key: AnswerKey) -> tuple[Answer, float] | None:
        """The answer and the seconds that it is still good for. Raises `RedisGone`."""
        found = await self._command(lambda: self._read(key.redis_name))
        if found is None:
            return None
        packed, ttl_seconds = found
        try:
            answer = await unpack_aside(key.redis_name, packed, self._most_bytes)
        except UnreadableAnswer:
            self.unreadable += 1
            return None
        return answer, ttl_seconds

    async def keep(self, key: AnswerKey, answer: Answer, ttl_seconds: float) -> None:
        """Keeps it in place of what was there. Raises `RedisGone`."""
        packed = await pack_aside(key.redis_name, answer)
        milliseconds = max(1, int(ttl_seconds * 1000))
        keep = ("SET", key.redis_name, packed, "PX", milliseconds)
        await self._command(lambda: self._line.ask(*keep))

    async def _read(self, name: str) -> tuple[bytes, float] | None:
        # One round trip; were it to expire between the two, there is no time left to keep it for.
        packed, milliseconds = await self._line.ask_all([("GET", name), ("PTTL", name)])
        if packed is None:
            return None
        return cast("bytes", packed), cast("int", milliseconds) / 1000

    async def _command(self, command: Callable[[], Awaitable[_Result]]) -> _Result:
        if not self._rest.over():
            raise RedisGone("Redis failed a moment ago")
        try:
            async with asyncio.timeout(self._limit_seconds):
                result = await command()
        except (RedisError, OSError) as error:
            self._rest.failed()
            self.failures += 1
            raise RedisGone(f"{type(error).__name__}: {error}") from error
        self._rest.succeeded()
        return result
