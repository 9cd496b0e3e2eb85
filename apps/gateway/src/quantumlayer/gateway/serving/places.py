"""Places under limits of rate, held while a call runs."""

from functools import partial
from typing import NamedTuple

from quantumlayer.router.leases import Lease, Leases
from quantumlayer.router.limits import RateLimit, RateLimiter, RateSignals, Turn, Wait


class _Place(NamedTuple):
    limit: RateLimit
    turn: Turn
    lease: Lease


class Places:
    """The places of one call; whoever takes some gives them all back when the call is over."""

    __slots__ = ("_held", "_leases", "_limiter")

    def __init__(self, limiter: RateLimiter, leases: Leases) -> None:
        self._limiter = limiter
        self._leases = leases
        self._held: list[_Place] = []

    async def take(self, limit: RateLimit, tokens: int, after: Wait | None = None) -> Wait | None:
        """Takes a place for a call of about so many tokens; else says how long to wait for one.

        Who waited comes back with what it was told, or gives it up.
        """
        found = await self._limiter.acquire(limit, tokens, None if after is None else after.turn)
        if isinstance(found, Wait):
            return found
        renew = partial(self._limiter.renew, limit, found.turn)
        self._held.append(_Place(limit, found.turn, self._leases.kept(renew)))
        return None

    async def give_up(self, limit: RateLimit, waiting: Wait) -> None:
        """Waits no more."""
        await self._limiter.settle(limit, waiting.turn, 0)

    async def refused(self, signals: RateSignals) -> None:
        """Tells everybody that the provider refused the call."""
        for place in self._held:
            await self._limiter.observe(place.limit, signals, refused=place.turn)

    async def give_back(self, tokens: int) -> None:
        """Gives all places back; the call took so many tokens."""
        held, self._held = self._held, []
        for place in held:
            place.lease.leave()
            settling = self._limiter.settle(place.limit, place.turn, tokens)
            if place.turn.shared:
                self._leases.end(settling)  # nobody's answer waits for another server
            else:
                await settling
