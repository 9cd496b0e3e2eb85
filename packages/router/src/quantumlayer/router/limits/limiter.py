"""The protocol of rate limiters, and what they answer."""

from dataclasses import dataclass
from typing import Protocol

from quantumlayer.router.limits.costs import RateLimit
from quantumlayer.router.limits.signals import RateSignals

# Microseconds after which who waits for others to end asks again, longer the more are before it.
POLL, MOST_POLL = 50_000, 2_000_000
# Who does not come back so long after it should have holds no room for itself any more.
PATIENCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Turn:
    """A call's place under a limit. Everything but `tokens` belongs to the limiter that gave it.

    `arrival` is its number in the queue (0: it never had to wait); `pauses` counts the pauses
    before it began; `shared` tells whether all workers know of it.
    """

    id: str
    tokens: int
    arrival: int
    pauses: int
    shared: bool


@dataclass(frozen=True, slots=True)
class Granted:
    """The call may begin now; `settle` its turn when it has ended, however it ended."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Wait:
    """There is room in about so many seconds: come back with the turn, or give it up.

    It is given up by `settle` with 0 tokens. Coming back earlier does no harm, and pays when
    others give back what they did not take. Who stays away for longer than this, or than a lease,
    is no longer waited for.
    """

    seconds: float
    turn: Turn


class RateLimiter(Protocol):
    """Answers at once; whoever has to wait sleeps by itself."""

    async def acquire(
        self, limit: RateLimit, tokens: int, turn: Turn | None = None
    ) -> Granted | Wait:
        """Asks to make a call of about so many tokens, with the turn of the last `Wait` if any."""
        ...

    async def renew(self, limit: RateLimit, turn: Turn) -> None:
        """Keeps the turn of a running call for another lease, after which others take its place."""
        ...

    async def settle(self, limit: RateLimit, turn: Turn, tokens: int) -> None:
        """Ends a turn, whose call took so many tokens; counts once."""
        ...

    async def observe(
        self, limit: RateLimit, signals: RateSignals, *, refused: Turn | None = None
    ) -> None:
        """Takes to heart what a reply said; `refused` is the turn of a call that got 429 or 529.

        A refusal pauses everybody under the limit's name for as long as the provider says, at most
        ten minutes at a time. What remains is believed where the limit has a number of its own.
        """
        ...
