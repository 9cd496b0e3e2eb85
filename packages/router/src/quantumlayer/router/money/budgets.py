"""The protocol of budgets: the life of a reservation, and how a scope stands.

`reserve` holds the most that a call may cost, the call is made, `renew` keeps the reservation of a
long one alive, and `settle` replaces it by what the call did cost. Whoever dies in between holds
nothing back once the lease has run out; if the call was paid all the same, a late `settle` of the
same id still counts it.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import Protocol

from quantumlayer.router.money.nouns import Limit, Refused, Reserved, Scope, Standing
from quantumlayer.router.money.windows import Window

SpentSource = Callable[[Scope, Window, Collection[str]], Awaitable[Decimal]]
"""What the durable rows say was spent, in USD, on calls that were reserved within that window.

Calls under the given ids of reservations are left out: they are settled afterwards. Raises
`BudgetsUnavailable` when the rows cannot be read.
"""

MOST_LEASE_SECONDS = 86_400.0


class Budgets(Protocol):
    """Every method is one atomic step, and all but `standing` may be repeated without harm.

    Each raises `BudgetsUnavailable` when nobody can say how the money stands, and ValueError for
    an amount, a lease or a set of scopes that makes no sense.
    """

    async def reserve(
        self, limits: Sequence[Limit], usd: Decimal, reservation_id: str, *, lease_seconds: float
    ) -> Reserved | Refused:
        """Holds `usd` back in all scopes, which are of one organisation, or in none.

        The id is new for every call; raises `ReservationConflict` if it is not.
        """
        ...

    async def renew(
        self, organisation_id: str, reservation_id: str, *, lease_seconds: float
    ) -> bool:
        """Keeps a reservation for another `lease_seconds`; False when there is none any more.

        After its lease has run out it is held again, beyond the limit if need be, since its call
        is going to be paid.
        """
        ...

    async def settle(self, organisation_id: str, reservation_id: str, usd: Decimal) -> bool:
        """Counts what the call cost and holds nothing back for it any more; counts an id once.

        False when the id, or one of its scopes, is not known any more: settled long ago, or lost
        with Redis. The rows of calls know better then, and `restore` brings in what they say. As
        long as budgets are unavailable it is tried again: the money is spent.
        """
        ...

    async def release(self, organisation_id: str, reservation_id: str) -> None:
        """Holds nothing back any more for a call that cost nothing."""
        ...

    async def restore(self, scope: Scope, spent_usd: Decimal) -> None:
        """Raises what is spent in the scope's present window to `spent_usd`; never lowers it."""
        ...

    async def attend(self, organisation_ids: Iterable[str]) -> None:
        """Says again what is held back where that was lost; to be called every second.

        `organisation_ids` are those whose calls may come. A process that does not call it in time
        counts as dead: what it held back is free, and its rows are asked instead.
        """
        ...

    async def standing(self, scope: Scope) -> Standing:
        """How the scope stands now."""
        ...


def organisation_of(limits: Sequence[Limit]) -> str:
    """The one organisation of all scopes; raises ValueError where there are none or several."""
    organisations = {limit.scope.organisation_id for limit in limits}
    if len(organisations) != 1:
        raise ValueError(f"scopes of one organisation are reserved together, not {organisations}")
    if len({limit.scope for limit in limits}) != len(limits):
        raise ValueError("a scope has one limit in a reservation")
    return organisations.pop()


def checked_lease(seconds: float) -> float:
    """The lease; raises ValueError unless it lasts, and a day at most."""
    if not 0 < seconds <= MOST_LEASE_SECONDS:
        raise ValueError(f"a lease lasts up to {MOST_LEASE_SECONDS:g} s, not {seconds}")
    return seconds
