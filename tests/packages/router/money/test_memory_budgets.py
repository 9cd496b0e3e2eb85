"""Budgets in memory stay small however many calls go by."""

from decimal import Decimal

from quantumlayer.router.money import MemoryBudgets, Period, Reserved, Scope, ScopeKind
from tests.packages.router.money.conftest import limit

CALLS = 12_000
DAY = Scope("acme", ScopeKind.KEY, "ci", Period.DAY)


async def test_of_calls_that_were_counted_only_the_latest_are_remembered() -> None:
    budgets = MemoryBudgets()
    for number in range(CALLS):
        held = await budgets.reserve(
            (limit(DAY, "9"),), Decimal("0.0001"), f"{number}", lease_seconds=60
        )
        assert isinstance(held, Reserved)
        await budgets.settle("acme", f"{number}", Decimal("0.0001"))
    # the latest is counted once, however often it is said
    assert await budgets.settle("acme", f"{CALLS - 1}", Decimal(1))
    # the first is not known any more, and so counts for nothing
    assert not await budgets.settle("acme", "0", Decimal(1))
    standing = await budgets.standing(DAY)
    assert (standing.spent_usd, standing.held_usd) == (Decimal("1.2"), Decimal(0))
