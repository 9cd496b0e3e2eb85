"""Budgets of one process, with the same rules as Redis's and gone when the process ends."""

import heapq
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from quantumlayer.router.money.budgets import (
    MOST_LEASE_SECONDS,
    SpentSource,
    checked_lease,
    organisation_of,
)
from quantumlayer.router.money.errors import ReservationConflict
from quantumlayer.router.money.nouns import Limit, Refused, Reserved, Scope, Standing
from quantumlayer.router.money.picodollars import allowed, charged
from quantumlayer.router.money.standings import refusal, standing
from quantumlayer.router.money.windows import number_at, window

# A call may be settled so long after its reservation was made or renewed for the last time.
_OPEN_SECONDS = 2 * MOST_LEASE_SECONDS
# Later the id is unknown, and counted as little.
_SETTLED_SECONDS = 600.0


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
    windows: dict[Scope, int]
    state: Literal["open", "released", "settled"] = "open"
    forget_at: float = 0.0


@dataclass(slots=True)
class _Organisation:
    accounts: dict[Scope, _Account] = field(default_factory=dict)
    reservations: dict[str, _Reservation] = field(default_factory=dict)
    forgetting: list[tuple[float, str]] = field(default_factory=list)
    """A heap: when to look whether a reservation can be forgotten."""

    def remember(self, reservation_id: str, reservation: _Reservation, until: float) -> None:
        reservation.forget_at = until
        self.reservations[reservation_id] = reservation
        heapq.heappush(self.forgetting, (until, reservation_id))

    def forget(self, now: float) -> None:
        while self.forgetting and self.forgetting[0][0] <= now:
            _, reservation_id = heapq.heappop(self.forgetting)
            reservation = self.reservations.get(reservation_id)
            if reservation and reservation.forget_at <= now:
                del self.reservations[reservation_id]


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

    async def reserve(
        self, limits: Sequence[Limit], usd: Decimal, reservation_id: str, *, lease_seconds: float
    ) -> Reserved | Refused:
        """Holds the amount back in every scope or in none."""
        until = self._monotonic() + checked_lease(lease_seconds)
        amount = charged(usd)
        organisation = self._organisation(organisation_of(limits))
        most = [None if limit.usd is None else allowed(limit.usd) for limit in limits]
        for limit in limits:
            await self._open(limit.scope)
        accounts = [self._account(limit.scope) for limit in limits]
        windows = {limit.scope: each.number for limit, each in zip(limits, accounts, strict=True)}
        earlier = organisation.reservations.get(reservation_id)
        if earlier and not _same(earlier, amount, windows):
            raise ReservationConflict(f"another call had the reservation {reservation_id}")
        for account in accounts:
            account.free(reservation_id)
        full = [
            (limit, account.number, account.spent, account.committed)
            for limit, account, limit_pico in zip(limits, accounts, most, strict=True)
            if limit_pico is not None and account.committed + amount > limit_pico
        ]
        if full:
            organisation.reservations.pop(reservation_id, None)
            return refusal(full)
        for account in accounts:
            account.hold(reservation_id, amount, until)
        self._remember(organisation, reservation_id, _Reservation(amount, windows))
        return Reserved(reservation_id)

    async def renew(
        self, organisation_id: str, reservation_id: str, *, lease_seconds: float
    ) -> bool:
        """Keeps the reservation for another lease."""
        until = self._monotonic() + checked_lease(lease_seconds)
        organisation = self._organisation(organisation_id)
        reservation = organisation.reservations.get(reservation_id)
        if reservation is None or reservation.state != "open":
            return False
        for scope, number in reservation.windows.items():
            account = organisation.accounts[scope]
            if account.number == number:
                account.hold(reservation_id, reservation.amount, until)
        self._remember(organisation, reservation_id, reservation)
        return True

    async def settle(self, organisation_id: str, reservation_id: str, usd: Decimal) -> bool:
        """Counts what the call cost, once; False when the id is not known any more."""
        return self._end(organisation_id, reservation_id, charged(usd), "settled")

    async def release(self, organisation_id: str, reservation_id: str) -> None:
        """Holds nothing back any more for a call that cost nothing."""
        self._end(organisation_id, reservation_id, 0, "released")

    async def restore(self, scope: Scope, spent_usd: Decimal) -> None:
        """Raises what is spent in the scope's present window."""
        account = self._account(scope)
        account.spend(max(0, charged(spent_usd) - account.spent))

    async def standing(self, scope: Scope) -> Standing:
        """How the scope stands now."""
        await self._open(scope)
        account = self._account(scope)
        return standing(scope, account.number, account.spent, account.committed)

    def _end(
        self,
        organisation_id: str,
        reservation_id: str,
        cost: int,
        state: Literal["released", "settled"],
    ) -> bool:
        organisation = self._organisation(organisation_id)
        reservation = organisation.reservations.get(reservation_id)
        if reservation is None:
            return False
        if reservation.state in ("settled", state):
            return True
        for scope, number in reservation.windows.items():
            account = organisation.accounts[scope]
            if account.number == number:
                account.free(reservation_id)
                account.spend(cost)
        reservation.state = state
        self._remember(organisation, reservation_id, reservation)
        return True

    def _remember(
        self, organisation: _Organisation, reservation_id: str, reservation: _Reservation
    ) -> None:
        seconds = _SETTLED_SECONDS if reservation.state == "settled" else _OPEN_SECONDS
        organisation.remember(reservation_id, reservation, self._monotonic() + seconds)

    async def _open(self, scope: Scope) -> None:
        accounts = self._organisation(scope.organisation_id).accounts
        if self._source is not None and scope not in accounts:
            number = number_at(scope.period, self._now())
            spent = await self._source(scope, window(scope.period, number))
            accounts.setdefault(scope, _Account(number, charged(spent), charged(spent)))

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
        organisation = self._organisations.setdefault(organisation_id, _Organisation())
        organisation.forget(self._monotonic())
        return organisation


def _same(earlier: _Reservation, amount: int, windows: dict[Scope, int]) -> bool:
    return (
        earlier.state == "open"
        and earlier.amount == amount
        and list(earlier.windows) == list(windows)
    )
