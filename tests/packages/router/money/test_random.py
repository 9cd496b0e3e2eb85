"""Random lives of reservations, held against a model that keeps nothing but what happened."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

import pytest

from quantumlayer.router.money import Budgets, Limit, Period, Refused, Reserved, Scope, ScopeKind
from tests.packages.router.money.conftest import A_DAY, Kind

_STARTS: dict[Period, Callable[[datetime], datetime]] = {
    Period.DAY: lambda now: now.replace(hour=0, minute=0, second=0, microsecond=0),
    Period.MONTH: lambda now: now.replace(day=1, hour=0, minute=0, second=0, microsecond=0),
    Period.LIFETIME: lambda _now: A_DAY - timedelta(days=1),
}


@dataclass
class Call:
    scopes: tuple[Scope, ...]
    amount: Decimal
    at: datetime
    until: datetime
    state: Literal["open", "released", "settled"] = "open"
    cost: Decimal = Decimal(0)


@dataclass
class Model:
    """All calls there ever were; every figure is summed anew.

    Leases go by the time that was `lived`: between two looks at most `most_unseen` of it.
    """

    most_unseen: timedelta
    lived: datetime = A_DAY
    calls: dict[str, Call] = field(default_factory=dict)

    def passes(self, seconds: float) -> None:
        self.lived += min(timedelta(seconds=seconds), self.most_unseen)

    def figures(self, scope: Scope, now: datetime) -> tuple[Decimal, Decimal]:
        start = _STARTS[scope.period](now)
        counted = [
            call for call in self.calls.values() if scope in call.scopes and call.at >= start
        ]
        spent = sum((call.cost for call in counted), Decimal(0))
        alive = [call for call in counted if call.state == "open" and call.until > self.lived]
        return spent, sum((call.amount for call in alive), Decimal(0))

    def fits(self, limit: Limit, amount: Decimal, now: datetime) -> bool:
        return limit.usd is None or sum(self.figures(limit.scope, now)) + amount <= limit.usd


async def _reserve(
    budgets: Budgets, model: Model, limits: list[Limit], now: datetime, choose: random.Random
) -> None:
    chosen = choose.sample(limits, choose.randint(1, len(limits)))
    amount = Decimal(choose.randint(0, 3 * 10**12)).scaleb(-12)
    lease = choose.choice([10, 3600, 86_400])
    id_ = f"call {len(model.calls)}"
    outcome = await budgets.reserve(chosen, amount, id_, lease_seconds=lease)
    full = [limit for limit in chosen if not model.fits(limit, amount, now)]
    if full:
        assert isinstance(outcome, Refused)
        assert (outcome.spent_usd, outcome.held_usd) == model.figures(outcome.scope, now)
        assert outcome.scope in [limit.scope for limit in full]
    else:
        assert outcome == Reserved(id_)
        scopes = tuple(limit.scope for limit in chosen)
        model.calls[id_] = Call(scopes, amount, now, model.lived + timedelta(seconds=lease))


async def _end(budgets: Budgets, model: Model, organisation: str, choose: random.Random) -> None:
    if not model.calls:
        return
    id_ = choose.choice(list(model.calls)[-12:])
    call = model.calls[id_]
    match choose.choice(["settle", "settle", "release", "renew"]):
        case "settle":
            cost = Decimal(choose.randint(0, 4 * 10**12)).scaleb(-12)
            await budgets.settle(organisation, id_, cost)
            if call.state != "settled":
                call.state, call.cost = "settled", cost
        case "release":
            await budgets.release(organisation, id_)
            if call.state == "open":
                call.state = "released"
        case _:
            renewed = await budgets.renew(organisation, id_, lease_seconds=60)
            # One that is not known any more is not open in the model either, or died long ago.
            if renewed:
                assert call.state == "open"
                call.until = model.lived + timedelta(seconds=60)


@pytest.mark.parametrize("seed", range(8))
async def test_figures_are_those_of_a_plain_sum(kind: Kind, organisation: str, seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 - the same lives every time
    model, budgets, time = Model(kind.most_unseen), kind.budgets(), kind.time
    scopes = [
        Scope(organisation, ScopeKind.ORGANISATION, organisation, Period.MONTH),
        Scope(organisation, ScopeKind.KEY, "ci", Period.DAY),
        Scope(organisation, ScopeKind.KEY, "ci", Period.MONTH),
        Scope(organisation, ScopeKind.RUN, "run", Period.LIFETIME),
    ]
    limits = [
        Limit(scope, usd)
        for scope, usd in zip(scopes, [Decimal(30), Decimal(8), None, Decimal(60)], strict=True)
    ]
    for _ in range(150):
        match choose.randint(0, 9):
            case 0:
                seconds = choose.choice([5, 60, 600, 40_000])
                await time.passes(seconds=seconds)
                model.passes(seconds)
            case 1 | 2 | 3 | 4:
                await _end(budgets, model, organisation, choose)
            case _:
                await _reserve(budgets, model, limits, time.now, choose)
        for scope in scopes:
            standing = await budgets.standing(scope)
            assert (standing.spent_usd, standing.held_usd) == model.figures(scope, time.now)
