"""Agents' calls are held against the budgets of an organisation, and counted in them."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from quantumlayer.router import (
    BudgetExceeded,
    Message,
    Price,
    ProviderRequest,
    ProviderUnavailable,
)
from quantumlayer.router.deltas import Finished, TextDelta, TokenUsage, UsageDelta
from quantumlayer.router.money import (
    Budgets,
    BudgetsUnavailable,
    Limit,
    Period,
    RedisBudgets,
    Scope,
    ScopeKind,
)
from quantumlayer.router.providers.budgeted import BudgetedProvider, Limits
from tests.support.redis_server import redis_server
from tests.support.scripted_provider import Piece, ScriptedProvider

REQUEST = ProviderRequest(
    task="greet",
    model="one/m",
    messages=(Message(role="user", content="Hello"),),
    input={},
    json_schema=None,
    max_output_tokens=50,
    timeout_seconds=10,
)
A_CENT = Price(input_usd=Decimal("0.01"), output_usd=Decimal("0.01"))
REPLY: list[Piece] = [TextDelta("Hello"), UsageDelta(TokenUsage(10, 5)), Finished("stop")]


async def a_cent() -> Price | None:
    return A_CENT


async def unknown() -> Price | None:
    return None


@pytest.fixture
async def budgets(redis_url: str) -> AsyncIterator[Budgets]:
    redis = Redis.from_url(redis_url)
    yield RedisBudgets(redis)
    await redis.aclose()


def scope() -> Scope:
    name = f"acme-{uuid4()}"
    return Scope(name, ScopeKind.ORGANISATION, name, Period.DAY)


def held(*limits: Limit) -> Limits:
    """The same limits whichever run asks."""
    return lambda _run: limits


async def ask(provider: BudgetedProvider) -> None:
    async for _ in provider.stream(REQUEST):
        pass


async def test_what_a_call_cost_is_spent_and_nothing_stays_held_back(budgets: Budgets) -> None:
    acme = scope()
    provider = BudgetedProvider(
        ScriptedProvider([REPLY]), budgets, held(Limit(acme, Decimal(1))), a_cent
    )
    await ask(provider)
    standing = await budgets.standing(acme)
    assert (standing.spent_usd, standing.held_usd) == (Decimal("0.15"), Decimal(0))


async def test_while_a_reply_comes_the_most_that_it_can_cost_is_held_back(
    budgets: Budgets,
) -> None:
    acme, limit = scope(), Decimal(1)
    provider = BudgetedProvider(
        ScriptedProvider([REPLY]), budgets, held(Limit(acme, limit)), a_cent
    )
    pieces = provider.stream(REQUEST)
    await anext(pieces)
    assert Decimal("0.50") < (await budgets.standing(acme)).held_usd <= limit
    await pieces.aclose()
    assert (await budgets.standing(acme)).held_usd == 0


async def test_what_has_no_room_is_refused_before_anybody_is_asked(budgets: Budgets) -> None:
    acme, inner = scope(), ScriptedProvider([REPLY])
    provider = BudgetedProvider(inner, budgets, held(Limit(acme, Decimal("0.50"))), a_cent)
    with pytest.raises(BudgetExceeded) as refused:
        await ask(provider)
    assert f"the budget of organisation {acme.id}, day is 0.50 USD" in str(refused.value)
    assert not refused.value.retryable
    assert inner.asked == []


async def test_of_many_at_once_no_more_are_paid_than_there_is_money_for(budgets: Budgets) -> None:
    acme, inner = scope(), ScriptedProvider([REPLY] * 20)
    limit = Decimal("1.50")
    provider = BudgetedProvider(inner, budgets, held(Limit(acme, limit)), a_cent)
    asked = await asyncio.gather(*(ask(provider) for _ in range(20)), return_exceptions=True)
    standing = await budgets.standing(acme)
    assert standing.spent_usd <= limit
    assert standing.spent_usd == Decimal("0.15") * len(inner.asked)
    assert sum(isinstance(one, BudgetExceeded) for one in asked) == 20 - len(inner.asked) > 0


async def test_what_broke_off_is_paid_as_far_as_it_came(budgets: Budgets) -> None:
    acme = scope()
    torn: list[Piece] = [TextDelta("Hello, " * 30), ProviderUnavailable("torn")]
    provider = BudgetedProvider(
        ScriptedProvider([torn]), budgets, held(Limit(acme, Decimal(5))), a_cent
    )
    with pytest.raises(ProviderUnavailable):
        await ask(provider)
    assert (await budgets.standing(acme)).spent_usd >= Decimal("0.70")


async def test_what_was_never_answered_costs_nothing(budgets: Budgets) -> None:
    acme = scope()
    provider = BudgetedProvider(
        ScriptedProvider([[ProviderUnavailable("down")]]),
        budgets,
        held(Limit(acme, Decimal(1))),
        a_cent,
    )
    with pytest.raises(ProviderUnavailable):
        await ask(provider)
    standing = await budgets.standing(acme)
    assert (standing.spent_usd, standing.held_usd) == (Decimal(0), Decimal(0))


async def test_a_model_without_a_price_fits_into_no_budget(budgets: Budgets) -> None:
    acme, inner = scope(), ScriptedProvider([REPLY])
    provider = BudgetedProvider(inner, budgets, held(Limit(acme, Decimal(100))), unknown)
    with pytest.raises(BudgetExceeded, match="nobody knows what 'one/m' costs"):
        await ask(provider)
    assert inner.asked == []


async def test_without_redis_nothing_is_spent() -> None:
    redis = Redis.from_url("redis://127.0.0.1:9/0")
    inner = ScriptedProvider([REPLY])
    provider = BudgetedProvider(
        inner, RedisBudgets(redis), held(Limit(scope(), Decimal(1))), a_cent
    )
    with pytest.raises(BudgetsUnavailable) as away:
        await ask(provider)
    assert away.value.retryable
    assert inner.asked == []
    await redis.aclose()


async def test_what_was_paid_while_redis_was_away_is_counted_when_it_is_back() -> None:
    acme = scope()
    async with redis_server() as server, server.client() as redis:
        budgets = RedisBudgets(redis)
        provider = BudgetedProvider(
            ScriptedProvider([REPLY]),
            budgets,
            held(Limit(acme, Decimal(1))),
            a_cent,
            late_seconds=0.4,  # sixty times: a busy machine starts no Redis within three seconds
        )
        pieces = provider.stream(REQUEST)
        await anext(pieces)
        await server.stop()
        assert len([piece async for piece in pieces]) == 2
        await server.start()
        async with asyncio.timeout(30):
            while (await budgets.standing(acme)).spent_usd == 0:  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.05)
        assert (await budgets.standing(acme)).spent_usd == Decimal("0.15")


async def test_a_run_has_a_budget_of_its_own_where_the_organisation_says_so(
    budgets: Budgets,
) -> None:
    acme = scope()

    def limits(run: str | None) -> list[Limit]:
        own = Scope(acme.organisation_id, ScopeKind.RUN, f"{acme.id}:{run}", Period.LIFETIME)
        return [Limit(acme, Decimal(100)), Limit(own, Decimal("0.70"))]

    inner = ScriptedProvider([REPLY, REPLY])
    provider = BudgetedProvider(inner, budgets, limits, a_cent)
    for run, fits in (("one", True), ("one", False), ("two", True)):
        asked = REQUEST.model_copy(update={"run": run})
        if fits:
            assert len([piece async for piece in provider.stream(asked)]) == 3
        else:
            with pytest.raises(BudgetExceeded, match=f"the budget of run {acme.id}:one"):
                await anext(provider.stream(asked))
    assert (await budgets.standing(acme)).spent_usd == Decimal("0.30")
