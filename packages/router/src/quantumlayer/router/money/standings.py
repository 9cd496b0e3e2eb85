"""From the whole numbers that are kept to what callers are told."""

from collections.abc import Iterable
from datetime import UTC, datetime

from quantumlayer.router.money.nouns import Limit, Refused, Scope, Standing
from quantumlayer.router.money.picodollars import as_usd
from quantumlayer.router.money.windows import window

_NEVER = datetime.max.replace(tzinfo=UTC)


def standing(scope: Scope, number: int, spent: int, committed: int) -> Standing:
    """`committed` is what is spent and what is held back, in picodollars as `spent` is."""
    ends_at = window(scope.period, number).ends_at
    return Standing(scope, as_usd(spent), as_usd(committed - spent), ends_at)


def refusal(full: Iterable[tuple[Limit, int, int, int]]) -> Refused:
    """The refusal by that limit without room which opens last; rows as `standing` takes them."""
    refusals = [
        Refused(limit.scope, limit.usd, now.spent_usd, now.held_usd, now.closes_at)
        for limit, number, spent, committed in full
        if limit.usd is not None
        for now in (standing(limit.scope, number, spent, committed),)
    ]
    return max(refusals, key=lambda refused: refused.opens_at or _NEVER)
