"""The exact cache of answers: this process's memory, then Redis; it fails open."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Self

from redis.asyncio import Redis

from quantumlayer.router.answers.keys import AnswerKey
from quantumlayer.router.answers.memory_answers import MemoryAnswers
from quantumlayer.router.answers.nouns import Answer, Keeping, Lookup, Outcome
from quantumlayer.router.answers.redis_answers import RedisAnswers, RedisGone


class AnswerCache:
    """Gives an answer again to the same question of the same organisation, for `ttl_seconds`.

    What may be asked of it is `cacheable`'s decision: a key of None is an answer of `OFF`. Answers
    over `most_bytes` are not kept. Counts of outcomes are in `lookups` and `keepings`.
    """

    def __init__(
        self,
        memory: MemoryAnswers,
        shared: RedisAnswers | None,
        *,
        ttl_seconds: float,
        most_bytes: int,
    ) -> None:
        self._memory = memory
        self._shared = shared
        self._ttl_seconds = ttl_seconds
        self._most_bytes = most_bytes
        self.lookups: Counter[Outcome] = Counter()
        self.keepings: Counter[Keeping] = Counter()

    @classmethod
    def of(
        cls,
        redis: "Redis | None",
        *,
        ttl_seconds: float = 3600,
        most_bytes: int = 1024 * 1024,
        memory_bytes: int = 64 * 1024 * 1024,
        limit_seconds: float = 0.25,
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """The usual cache; without Redis one of this process alone. The rest: `RedisAnswers`."""
        # A packed answer has a header and its sizes besides what counts as its own bytes.
        room = 2 * most_bytes + 64 * 1024
        shared = None
        if redis is not None:
            shared = RedisAnswers(redis, most_bytes=room, clock=clock, limit_seconds=limit_seconds)
        memory = MemoryAnswers(memory_bytes, clock)
        return cls(memory, shared, ttl_seconds=ttl_seconds, most_bytes=most_bytes)

    async def find(self, key: AnswerKey | None) -> Lookup:
        """What is known under the key. Never fails: a cache that is gone is said in the outcome."""
        found = await self._find(key)
        self.lookups[found.outcome] += 1
        return found

    async def keep(self, key: AnswerKey | None, answer: Answer) -> Keeping:
        """Offers an answer; only a complete one of status 200 is kept. Never fails."""
        keeping = await self._keep(key, answer)
        self.keepings[keeping] += 1
        return keeping

    async def _find(self, key: AnswerKey | None) -> Lookup:
        if key is None:
            return Lookup(Outcome.OFF)
        if answer := self._memory.find(key):
            return Lookup(Outcome.HIT, answer)
        if self._shared is None:
            return Lookup(Outcome.MISS)
        try:
            found = await self._shared.find(key)
        except RedisGone:
            return Lookup(Outcome.UNAVAILABLE)
        if found is None:
            return Lookup(Outcome.MISS)
        answer, ttl_seconds = found
        self._memory.keep(key, answer, min(ttl_seconds, self._ttl_seconds))
        return Lookup(Outcome.HIT, answer)

    async def _keep(self, key: AnswerKey | None, answer: Answer) -> Keeping:
        if key is None:
            return Keeping.OFF
        if not answer.complete or answer.status != 200:
            return Keeping.INCOMPLETE
        if answer.size > self._most_bytes:
            return Keeping.TOO_LARGE
        self._memory.keep(key, answer, self._ttl_seconds)
        if self._shared is not None:
            try:
                await self._shared.keep(key, answer, self._ttl_seconds)
            except RedisGone:
                return Keeping.UNAVAILABLE
        return Keeping.KEPT
