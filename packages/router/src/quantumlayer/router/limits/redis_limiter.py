"""A limiter that all workers share, in Redis; times are the server's."""

import os
from collections import deque
from collections.abc import Iterable
from dataclasses import astuple
from urllib.parse import quote

from redis.asyncio import Redis

from quantumlayer.router.limits.costs import (
    RateLimit,
    cost,
    microseconds,
    pause_time,
    time_lacking,
    token_time,
)
from quantumlayer.router.limits.limiter import MOST_POLL, PATIENCE, POLL, Granted, Turn, Wait
from quantumlayer.router.limits.signals import RateSignals
from quantumlayer.router.redis_scripts import SERVER_CLOCK, RedisScripts

_MOST_OWED = 10_000


class RedisLimiter:
    """Each method is one Lua script; raises `RedisAway` when there is no Redis.

    A turn that may have been given to nobody, as its answer was lost or not waited for, and one
    whose end could not be told, is ended before the next is given; else it ends with its lease.

    A script whose answer was lost is sent again by the client, and may count a call twice: a pause
    too much for somebody, which passes by itself.
    """

    def __init__(
        self,
        redis: "Redis",
        *,
        lease_seconds: float = 60.0,
        patience_seconds: float = 1.0,
        clock: str = SERVER_CLOCK,
    ) -> None:
        self._lease = microseconds(lease_seconds)
        self._owed: deque[tuple[RateLimit, Turn, int]] = deque(maxlen=_MOST_OWED)
        self._scripts = RedisScripts(
            redis, __package__, patience_seconds=patience_seconds, clock=clock
        )

    async def acquire(
        self, limit: RateLimit, tokens: int, turn: Turn | None = None
    ) -> Granted | Wait:
        """Gives a place, or says when to ask again."""
        await self._end_owed()
        turn = turn or Turn(os.urandom(16).hex(), tokens, 0, 0, shared=True)
        many = (limit.concurrent or 0, self._lease, POLL, MOST_POLL, PATIENCE)
        arguments = (turn.id, turn.arrival, *astuple(cost(limit, turn.tokens)), *many)
        try:
            wait, arrival, pauses = map(int, await self._run("acquire", limit, arguments))
        except BaseException:
            self.owe(limit, turn, 0)
            raise
        turn = Turn(turn.id, turn.tokens, arrival, pauses, shared=True)
        return Wait(wait / 1e6, turn) if wait else Granted(turn)

    async def renew(self, limit: RateLimit, turn: Turn) -> None:
        """Keeps the turn for another lease."""
        await self._run("renew", limit, (turn.id, self._lease))

    async def settle(self, limit: RateLimit, turn: Turn, tokens: int) -> None:
        """Ends the turn, once, and gives back what it did not take."""
        estimated, taken = token_time(limit, turn.tokens), token_time(limit, tokens)
        await self._run("settle", limit, (turn.id, turn.pauses, estimated, taken))

    def owe(self, limit: RateLimit, turn: Turn, tokens: int) -> None:
        """Has the turn ended, as `settle` does, once Redis can be told."""
        self._owed.append((limit, turn, tokens))

    async def _end_owed(self) -> None:
        while self._owed:
            owed = self._owed.popleft()
            try:
                await self.settle(*owed)
            except BaseException:
                self.owe(*owed)
                raise

    async def observe(
        self, limit: RateLimit, signals: RateSignals, *, refused: Turn | None = None
    ) -> None:
        """Pauses everybody, or believes what is said to remain."""
        if refused is None:
            await self._run("served", limit, time_lacking(limit, signals))
            return
        pause = pause_time(signals)
        whole = astuple(cost(limit, refused.tokens))
        await self._run("refused", limit, (*whole, "" if pause is None else pause))

    async def _run(self, step: str, limit: RateLimit, arguments: Iterable[object]) -> list[str]:
        # The braces are a hash tag: all keys of a limit lie in one slot of a cluster.
        name = f"ql:limit:{{{quote(limit.name, safe='')}}}"
        keys = [f"{name}:{part}" for part in ("pace", "running", "queue", "waiting")]
        return await self._scripts.run(step, keys, arguments)
