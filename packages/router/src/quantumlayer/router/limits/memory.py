"""A limiter inside one process."""

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from quantumlayer.router.limits.costs import (
    RateLimit,
    cost,
    microseconds,
    pause_time,
    time_lacking,
    token_time,
)
from quantumlayer.router.limits.limiter import MOST_POLL, PATIENCE, POLL, Granted, Turn, Wait
from quantumlayer.router.limits.pace import Ahead, Pace
from quantumlayer.router.limits.signals import RateSignals


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: int
    tokens: int
    until: int
    """When it is given up for dead."""


@dataclass(slots=True)
class _State:
    pace: Pace = field(default_factory=Pace)
    arrivals: int = 0
    running: dict[str, int] = field(default_factory=dict)
    """Until when each turn that has a place is believed to live."""
    waiting: dict[str, _Waiting] = field(default_factory=dict)
    next_death: float = math.inf
    """No turn dies earlier, so until then none has to be looked at."""

    def runs(self, turn: Turn, until: int) -> None:
        self.running[turn.id] = until
        self.next_death = min(self.next_death, until)

    def waits(self, turn: Turn, tokens: int, until: int) -> None:
        self.waiting[turn.id] = _Waiting(turn.arrival, tokens, until)
        self.next_death = min(self.next_death, until)

    def ahead_of(self, turn: Turn) -> Ahead:
        before = [
            each.tokens
            for each in self.waiting.values()
            if turn.arrival == 0 or each.arrival < turn.arrival
        ]
        return Ahead(len(before), sum(before))

    def bury(self, now: int) -> None:
        if now < self.next_death:
            return
        self.running = {id_: until for id_, until in self.running.items() if until > now}
        self.waiting = {id_: each for id_, each in self.waiting.items() if each.until > now}
        lives = (*self.running.values(), *(each.until for each in self.waiting.values()))
        self.next_death = min(lives, default=math.inf)


class MemoryLimiter:
    """No method waits for anything, so on one event loop each is atomic.

    `clock` gives seconds; `lease_seconds` is how long a running call counts without being renewed.
    """

    def __init__(
        self, *, lease_seconds: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lease = microseconds(lease_seconds)
        self._clock = clock
        self._states: dict[str, _State] = {}

    async def acquire(
        self, limit: RateLimit, tokens: int, turn: Turn | None = None
    ) -> Granted | Wait:
        """Gives a place, or says when to ask again."""
        state, now = self._state(limit)
        turn = turn or Turn(os.urandom(16).hex(), tokens, 0, 0, shared=False)
        costs, ahead = cost(limit, turn.tokens), state.ahead_of(turn)
        wait = state.pace.opens(costs, ahead, now) - now
        if limit.concurrent and len(state.running) + ahead.calls >= limit.concurrent:
            wait = max(wait, min(POLL * (1 + ahead.calls), MOST_POLL))
        if wait > 0:
            if turn.arrival == 0:
                state.arrivals += 1
                turn = replace(turn, arrival=state.arrivals)
            state.waits(turn, costs.tokens, now + min(wait, self._lease) + PATIENCE)
            return Wait(wait / 1e6, turn)
        state.pace.begin(costs, now)
        state.waiting.pop(turn.id, None)
        state.runs(turn, now + self._lease)
        return Granted(Turn(turn.id, turn.tokens, turn.arrival, state.pace.pauses, shared=False))

    async def renew(self, limit: RateLimit, turn: Turn) -> None:
        """Keeps the turn for another lease."""
        state, now = self._state(limit)
        if turn.id in state.running:
            state.runs(turn, now + self._lease)

    async def settle(self, limit: RateLimit, turn: Turn, tokens: int) -> None:
        """Ends the turn, once, and gives back what it did not take."""
        state, _ = self._state(limit)
        state.waiting.pop(turn.id, None)
        if state.running.pop(turn.id, None) is not None:
            back = token_time(limit, turn.tokens) - token_time(limit, tokens)
            state.pace.given_back(turn.pauses, back)

    async def observe(
        self, limit: RateLimit, signals: RateSignals, *, refused: Turn | None = None
    ) -> None:
        """Pauses everybody, or believes what is said to remain."""
        state, now = self._state(limit)
        if refused is not None:
            state.pace.refused(cost(limit, refused.tokens), now, pause_time(signals))
        else:
            requests, tokens = time_lacking(limit, signals)
            state.pace.served(now + requests, now + tokens, now)

    def _state(self, limit: RateLimit) -> tuple[_State, int]:
        state = self._states.get(limit.name)
        if state is None:
            state = self._states[limit.name] = _State()
        now = microseconds(self._clock())
        state.bury(now)
        state.pace.believe(now)
        return state, now
