"""A circuit breaker a deployment: asks no more of what is broken, and comes back step by step.

    closed → open, on a share of failures, on failures in a row, or at once for what is permanent
    open → half-open, after a cooldown that doubles each time and is cut by a random share
    half-open → recovering, when enough probes, one at a time, were answered
    recovering → closed, when a growing share of the calls was let through without trouble

Nothing here waits or wakes up: time is looked at when somebody asks.
"""

import random
from collections.abc import Callable
from types import TracebackType
from typing import Self

from quantumlayer.router.routing.failures import Effect, FailureKind, Rules
from quantumlayer.router.routing.nouns import BreakerPolicy, BreakerState, BreakerView
from quantumlayer.router.routing.windows import SlidingWindow


class Permit:
    """The right to ask a deployment once; how it went is told once, by leaving at the latest.

    with permit:
        …
        permit.succeeded()
    """

    def __init__(self, breaker: "Breaker", epoch: int, *, probe: bool) -> None:
        self._breaker = breaker
        self._told = False
        self.epoch = epoch
        self.probe = probe

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.released()

    def succeeded(self) -> None:
        """The deployment answered."""
        if self._tell():
            self._breaker.note_success(self)

    def failed(self, kind: FailureKind, words: str = "", retry_after: float | None = None) -> None:
        """It did not, for such a reason; `retry_after` in seconds as the provider named it."""
        if self._tell():
            self._breaker.note_failure(self, kind, words, retry_after)

    def released(self) -> None:
        """Nothing was learned: the call was given up before it ended."""
        if self._tell():
            self._breaker.note_nothing(self)

    def _tell(self) -> bool:
        told, self._told = self._told, True
        return not told


class Breaker:
    """The breaker of one deployment. `clock` gives monotonic seconds."""

    def __init__(
        self, policy: BreakerPolicy, rules: Rules, clock: Callable[[], float], rng: random.Random
    ) -> None:
        self._policy, self._rules, self._clock, self._rng = policy, rules, clock, rng
        self._state = BreakerState.CLOSED
        self._window = SlidingWindow(policy.window_seconds)
        self._in_a_row = 0
        # Counts openings; what was asked before the last one says nothing about now.
        self._epoch = 0
        # Openings since it was last closed: the cooldown grows with them.
        self._trips = 0
        self._until = 0.0
        self._paused_until = 0.0
        self._reason = ""
        self._permanent = False
        self._probe: Permit | None = None
        self._probe_until = 0.0
        self._answered_probes = 0
        self._recovering_since = 0.0
        self._credit = 0.0

    def admit(self, *, last_resort: bool = False) -> Permit | None:
        """A permit, or None where another deployment should be asked.

        With `last_resort`, when nobody else is left: a recovering breaker lets the call through,
        an open one makes it a probe before its time. A provider's own pause is kept to, and what
        is broken for good is not asked.
        """
        now = self._look()
        if now < self._paused_until:
            return None
        if self._state is BreakerState.OPEN and last_resort and not self._permanent:
            self._half_open()
        match self._state:
            case BreakerState.OPEN:
                return None
            case BreakerState.HALF_OPEN:
                return self._admit_probe(now)
            case BreakerState.RECOVERING if not last_resort and not self._in_share(now):
                return None
        return Permit(self, self._epoch, probe=False)

    def view(self) -> BreakerView:
        """How it stands now."""
        now = self._look()
        calls, failures = self._window.counts(now)
        waits = [self._paused_until - now]
        if self._state is BreakerState.OPEN:
            waits.append(self._until - now)
        return BreakerView(
            state=self._state,
            available=max(waits) <= 0 and not self._probing(now),
            share=self._share(now),
            reason=self._reason,
            permanent=self._permanent,
            retry_in_seconds=max(0.0, *waits),
            calls=calls,
            failures=failures,
            openings=self._epoch,
        )

    def note_success(self, permit: Permit) -> None:
        """Called by a permit."""
        now = self._look()
        if not self._counts(permit):
            return
        self._in_a_row = 0
        self._window.add(now, failed=False)
        if self._state is BreakerState.HALF_OPEN and permit.probe:
            self._answered_probes += 1
            if self._answered_probes >= self._policy.probes:
                self._recover(now)

    def note_failure(
        self, permit: Permit, kind: FailureKind, words: str, retry_after: float | None
    ) -> None:
        """Called by a permit."""
        now = self._look()
        effect = self._rules[kind].breaker
        if not self._counts(permit) or effect is Effect.NONE:
            return
        reason = f"{kind}: {words}" if words else str(kind)
        if effect is Effect.PAUSE and retry_after is not None and retry_after > 0:
            pause = min(retry_after, self._policy.longest_pause_seconds)
            self._paused_until = max(self._paused_until, now + pause)
            self._reason = reason
            return
        self._in_a_row += 1
        self._window.add(now, failed=True)
        if effect is Effect.OPEN:
            self._open(now, reason, permanent=True)
        elif self._state is BreakerState.HALF_OPEN or self._too_much(now):
            self._open(now, reason, permanent=False)

    def note_nothing(self, permit: Permit) -> None:
        """Called by a permit."""
        self._look()
        self._counts(permit)

    def _look(self) -> float:
        """The time, after what it alone brings about."""
        now = self._clock()
        if self._state is BreakerState.OPEN and now >= self._until:
            self._half_open()
        elif (
            self._state is BreakerState.RECOVERING
            and now >= self._recovering_since + self._policy.recovery_seconds
        ):
            self._close()
        if self._reason and self._state is BreakerState.CLOSED and now >= self._paused_until:
            self._reason = ""
        return now

    def _counts(self, permit: Permit) -> bool:
        """Whether the permit's news are of now; a probe's slot is free afterwards."""
        if self._probe is permit:
            self._probe = None
        return permit.epoch == self._epoch

    def _admit_probe(self, now: float) -> Permit | None:
        if self._probing(now):
            return None
        self._probe = Permit(self, self._epoch, probe=True)
        self._probe_until = now + self._policy.probe_seconds
        return self._probe

    def _probing(self, now: float) -> bool:
        return self._probe is not None and now < self._probe_until

    def _in_share(self, now: float) -> bool:
        """Whether this call belongs to the share: evenly spread, without chance."""
        self._credit += self._share(now)
        if self._credit < 1:
            return False
        self._credit -= 1
        return True

    def _share(self, now: float) -> float:
        if self._state is BreakerState.CLOSED:
            return 1.0
        if self._state is not BreakerState.RECOVERING:
            return 0.0
        passed = (now - self._recovering_since) / self._policy.recovery_seconds
        first = self._policy.first_share
        return first + (1 - first) * passed

    def _too_much(self, now: float) -> bool:
        policy = self._policy
        recovering = self._state is BreakerState.RECOVERING
        minimum = policy.recovering_minimum_calls if recovering else policy.minimum_calls
        calls, failures = self._window.counts(now)
        if calls >= minimum and failures >= policy.failure_share * calls:
            return True
        return self._in_a_row >= policy.consecutive_failures

    def _open(self, now: float, reason: str, *, permanent: bool) -> None:
        self._state = BreakerState.OPEN
        self._epoch += 1
        # Failed probes before their time, of a last resort, are no reason to wait longer.
        if now >= self._until:
            self._trips += 1
        self._reason, self._permanent = reason, permanent
        self._until = now + self._cooldown() * self._rng.uniform(0.5, 1.0)
        self._probe = None

    def _cooldown(self) -> float:
        policy = self._policy
        if self._permanent:
            return policy.permanent_cooldown_seconds
        # The exponent is bounded because a float is not.
        doubled = policy.cooldown_seconds * 2.0 ** min(self._trips - 1, 60)
        return min(policy.longest_cooldown_seconds, doubled)

    def _half_open(self) -> None:
        self._state = BreakerState.HALF_OPEN
        self._answered_probes = 0
        self._window.clear()
        self._in_a_row = 0

    def _recover(self, now: float) -> None:
        self._state = BreakerState.RECOVERING
        self._permanent = False
        self._until = 0.0
        self._recovering_since = now
        self._window.clear()
        # The first call after the probes is let through.
        self._credit = 1.0

    def _close(self) -> None:
        self._state = BreakerState.CLOSED
        self._trips = 0
        self._window.clear()
