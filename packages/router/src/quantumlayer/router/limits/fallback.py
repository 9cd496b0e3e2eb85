"""Shared limits while Redis is there, and a worker's own while it is not."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from quantumlayer.router.limits.costs import RateLimit
from quantumlayer.router.limits.limiter import Granted, RateLimiter, Turn, Wait
from quantumlayer.router.limits.signals import RateSignals
from quantumlayer.router.redis_scripts import RedisAway

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class SharedLimiter(RateLimiter, Protocol):
    """A limiter that can be away."""

    def owe(self, limit: RateLimit, turn: Turn, tokens: int) -> None:
        """Has a turn ended once it is there again."""
        ...


class FallbackLimiter:
    """Goes on without Redis: a limit is no policy, and what is too much a provider refuses itself.

    Meanwhile each worker keeps the whole limit for itself alone. `outages` counts how often Redis
    went away, `alone` the turns that were given without it. After a failure Redis is left in peace
    for `retry_seconds`.
    """

    def __init__(
        self,
        shared: SharedLimiter,
        local: RateLimiter,
        *,
        retry_seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = shared
        self._local = local
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._away = False
        self._retry_at = 0.0
        self.outages = 0
        self.alone = 0

    async def acquire(
        self, limit: RateLimit, tokens: int, turn: Turn | None = None
    ) -> Granted | Wait:
        """Gives a place among all workers, or in this one; a turn of the other kind begins anew."""
        known = turn if turn and turn.shared else None
        answer = await self._try(lambda: self._shared.acquire(limit, tokens, known))
        if answer is not None:
            return answer
        known = turn if turn and not turn.shared else None
        answer = await self._local.acquire(limit, tokens, known)
        self.alone += isinstance(answer, Granted)
        return answer

    async def renew(self, limit: RateLimit, turn: Turn) -> None:
        """Keeps the turn where it was given; a shared one that cannot be kept ends by itself."""
        if turn.shared:
            await self._try(lambda: self._shared.renew(limit, turn))
        else:
            await self._local.renew(limit, turn)

    async def settle(self, limit: RateLimit, turn: Turn, tokens: int) -> None:
        """Ends the turn where it was given; a shared one later where that cannot be told now."""
        if not turn.shared:
            await self._local.settle(limit, turn, tokens)
        elif not await self._try(lambda: self._settled(limit, turn, tokens)):
            self._shared.owe(limit, turn, tokens)

    async def observe(
        self, limit: RateLimit, signals: RateSignals, *, refused: Turn | None = None
    ) -> None:
        """Tells both, so that a pause holds when Redis goes away in the middle of it."""
        await self._local.observe(limit, signals, refused=refused)
        await self._try(lambda: self._shared.observe(limit, signals, refused=refused))

    async def _settled(self, limit: RateLimit, turn: Turn, tokens: int) -> bool:
        await self._shared.settle(limit, turn, tokens)
        return True

    async def _try(self, step: Callable[[], Awaitable[_T]]) -> _T | None:
        if self._away and self._clock() < self._retry_at:
            return None
        try:
            answer = await step()
        except RedisAway as error:
            self._retry_at = self._clock() + self._retry_seconds
            if not self._away:
                self._away = True
                self.outages += 1
                _log.warning("rate limits are kept by each worker alone: %s", error)
            return None
        if self._away:
            self._away = False
            _log.warning("rate limits are shared among all workers again")
        return answer
