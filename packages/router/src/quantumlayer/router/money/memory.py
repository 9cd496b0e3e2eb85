"""Budgets of one process, with the same rules as Redis's and gone when the process ends."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from quantumlayer.router.money.budgets import (
    MOST_LEASE_SECONDS,
    SpentSource,
    checked_lease,
    organisation_of,
)
from quantumlayer.router.money.errors import ReservationConflict
from quantumlayer.router.money.nouns import Limit, Refused, Reserved, Scope, Standing
from quantumlayer.router.money.openings import Openings
from quantumlayer.router.money.picodollars import allowed, charged
from quantumlayer.router.money.standings import refusal, standing
from quantumlayer.router.money.windows import number_at, window

# A call may be settled so long after its reservation was made or renewed for the last time.
_OPEN_SECONDS = 2 * MOST_LEASE_SECONDS
# Later, or after so many others, the id is unknown, and counted as little.
_SETTLED_SECONDS = 600.0
_MOST_SETTLED = 10_000


@dataclass(slots=True)
class _Account:
    """What is spent in a window, and what is held back for which reservation until when."""

    number: int
    spent: int = 0
    committed: int = 0
    held: dict[str, tuple[int, float]] = field(default_factory=dict)
    next_death: float = math.inf
    """No lease ends earlier, so until then none has to be looked at."""

    def hold(self, reservation_id: str, amount: int, until: float) -> None:
        self.free(reservation_id)
        self.held[reservation_id] = (amount, until)
        self.committed += amount
        self.next_death = min(self.next_death, until)

    def free(self, reservation_id: str) -> None:
        amount, _ = self.held.pop(reservation_id, (0, 0.0))
        self.committed -= amount

    def spend(self, cost: int) -> None:
        self.spent += cost
        self.committed += cost

    def bury(self, now: float) -> None:
        if now < self.next_death:
            return
        for reservation_id in [id_ for id_, (_, until) in self.held.items() if until <= now]:
            self.free(reservation_id)
        self.next_death = min((until for _, until in self.held.values()), default=math.inf)


@dataclass(slots=True)
class _Reservation:
    amount: int
    accounts: dict[Scope, _Account]
    """As they stood in the windows in which it was made; a later window has another account."""
    released: bool = False
    forget_at: float = 0.0

    def same(self, amount: int, scopes: Iterable[Scope]) -> bool:
        return not self.released and self.amount == amount and [*self.accounts] == [*scopes]


@dataclass(slots=True)
class _Organisation:
    accounts: dict[Scope, _Account] = field(default_factory=dict)
    reservations: dict[str, _Reservation] = field(default_factory=dict)
    """By when they are forgotten, the next one first."""
    settled: dict[str, float] = field(default_factory=dict)
    """When the ids of what was counted are forgotten, the next one first."""

    def remember(self, reservation_id: str, reservation: _Reservation, now: float) -> None:
        self.reservations.pop(reservation_id, None)
        reservation.forget_at = now + _OPEN_SECONDS
        self.reservations[reservation_id] = reservation

    def settle(self, reservation_id: str, now: float) -> None:
        del self.reservations[reservation_id]
        self.settled[reservation_id] = now + _SETTLED_SECONDS
        if len(self.settled) > _MOST_SETTLED:
            del self.settled[next(iter(self.settled))]

    def forget(self, now: float) -> None:
        while self.settled and self.settled[oldest := next(iter(self.settled))] <= now:
            del self.settled[oldest]
        while (
            self.reservations
            and self.reservations[oldest := next(iter(self.reservations))].forget_at <= now
        ):
            del self.reservations[oldest]


class MemoryBudgets:
    """Budgets in this process alone.

    Only a source is waited for, before a step begins, so on one event loop each step is atomic.
    Leases go by `monotonic`, so that a wall clock that jumps frees nothing; windows go by `now`
    and never open again once they have closed.
    """

    def __init__(
        self,
        *,
        spent_source: SpentSource | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = spent_source
        self._now = now
        self._monotonic = monotonic
        self._organisations: dict[str, _Organisation] = {}
        self._openings = Openings()

    async def reserve(
        self, limits: Sequence[Limit], usd: Decimal, reservation_id: str, *, lease_seconds: float
    ) -> Reserved | Refused:
        """Holds the amount back in every scope or in none."""
        until = self._monotonic() + checked_lease(lease_seconds)
        amount = charged(usd)
        organisation = self._organisation(organisation_of(limits))
        most = [None if limit.usd is None else allowed(limit.usd) for limit in limits]
        if self._source is not None:
            for limit in limits:
                await self._open(limit.scope, self._source)
        accounts = {limit.scope: self._account(limit.scope) for limit in limits}
        earlier = organisation.reservations.get(reservation_id)
        if reservation_id in organisation.settled or (
            earlier and not earlier.same(amount, accounts)
        ):
            raise ReservationConflict(f"another call had the reservation {reservation_id}")
        for account in accounts.values():
            account.free(reservation_id)
        full = [
            (limit, account.number, account.spent, account.committed)
            for limit, account, limit_pico in zip(limits, accounts.values(), most, strict=True)
            if limit_pico is not None and account.committed + amount > limit_pico
        ]
        if full:
            organisation.reservations.pop(reservation_id, None)
            return refusal(full)
        for account in accounts.values():
            account.hold(reservation_id, amount, until)
        made = _Reservation(amount, accounts)
        organisation.remember(reservation_id, made, self._monotonic())
        return Reserved(reservation_id)

    async def renew(
        self, organisation_id: str, reservation_id: str, *, lease_seconds: float
    ) -> bool:
        """Keeps the reservation for another lease."""
        until = self._monotonic() + checked_lease(lease_seconds)
        organisation = self._organisation(organisation_id)
        reservation = organisation.reservations.get(reservation_id)
        if reservation is None or reservation.released:
            return False
        for account in reservation.accounts.values():
            account.hold(reservation_id, reservation.amount, until)
        organisation.remember(reservation_id, reservation, self._monotonic())
        return True

    async def settle(self, organisation_id: str, reservation_id: str, usd: Decimal) -> bool:
        """Counts what the call cost, once; False when the id is not known any more."""
        cost = charged(usd)
        organisation = self._organisation(organisation_id)
        reservation = organisation.reservations.get(reservation_id)
        if reservation is None:
            return reservation_id in organisation.settled
        for account in reservation.accounts.values():
            account.free(reservation_id)
            account.spend(cost)
        organisation.settle(reservation_id, self._monotonic())
        return True

    async def release(self, organisation_id: str, reservation_id: str) -> None:
        """Holds nothing back any more for a call that cost nothing."""
        organisation = self._organisation(organisation_id)
        reservation = organisation.reservations.get(reservation_id)
        if reservation is not None and not reservation.released:
            for account in reservation.accounts.values():
                account.free(reservation_id)
            reservation.released = True
            organisation.remember(reservation_id, reservation, self._monotonic())

    async def restore(self, scope: Scope, spent_usd: Decimal) -> None:
        """Raises what is spent in the scope's present window."""
        account = self._account(scope)
        account.spend(max(0, charged(spent_usd) - account.spent))

    async def attend(self, organisation_ids: Iterable[str]) -> None:
        """Nothing: what this process holds back is lost with it alone."""

    async def standing(self, scope: Scope) -> Standing:
        """How the scope stands now."""
        if self._source is not None:
            await self._open(scope, self._source)
        account = self._account(scope)
        return standing(scope, account.number, account.spent, account.committed)

    async def _open(self, scope: Scope, source: SpentSource) -> None:
        accounts = self._organisation(scope.organisation_id).accounts
        if scope not in accounts:
            await self._openings.once(scope, partial(self._opened, source, scope))

    async def _opened(self, source: SpentSource, scope: Scope) -> None:
        number = number_at(scope.period, self._now())
        spent = charged(await source(scope, window(scope.period, number), ()))
        accounts = self._organisation(scope.organisation_id).accounts
        accounts.setdefault(scope, _Account(number, spent, spent))

    def _account(self, scope: Scope) -> _Account:
        """The account in its present window, without what the dead hold back."""
        number = number_at(scope.period, self._now())
        accounts = self._organisation(scope.organisation_id).accounts
        account = accounts.get(scope)
        if account is None or account.number < number:
            account = accounts[scope] = _Account(number)
        account.bury(self._monotonic())
        return account

    def _organisation(self, organisation_id: str) -> _Organisation:
        organisation = self._organisations.get(organisation_id)
        if organisation is None:
            organisation = self._organisations[organisation_id] = _Organisation()
        organisation.forget(self._monotonic())
        return organisation
