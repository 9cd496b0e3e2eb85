"""What tokens cost, in the tier that a prompt ends in, and what is held back before that is known.

The tiers are Gemini's: everything of a call is dearer whose prompt has over 200,000 tokens.
"""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router import (
    BudgetExceeded,
    CallLimits,
    CallStore,
    CompletionRequest,
    FixedPrices,
    Price,
    ProviderDirectory,
    Router,
)
from quantumlayer.router.deltas import Finished, TextDelta, TokenUsage, UsageDelta
from quantumlayer.router.pricing import Tier, dearest
from tests.support.router_parts import ADA, Pauses, Person, question
from tests.support.scripted_provider import ScriptedProvider

MILLION = Decimal(1_000_000)
LONG = Tier(
    from_tokens=200_001,
    input_usd=Decimal("2.5") / MILLION,
    output_usd=15 / MILLION,
    cached_usd=Decimal("0.25") / MILLION,
)
TIERED = Price(
    input_usd=Decimal("1.25") / MILLION,
    output_usd=10 / MILLION,
    cached_usd=Decimal("0.125") / MILLION,
    tiers=(LONG,),
)


def test_a_prompt_at_the_threshold_pays_what_shorter_ones_pay() -> None:
    assert TIERED.cost(200_000, 1_000) == Decimal("0.25") + Decimal("0.01")


def test_one_token_more_makes_all_of_the_call_dearer() -> None:
    assert TIERED.cost(200_001, 1_000) == Decimal("0.5000025") + Decimal("0.015")


def test_what_was_cached_counts_for_the_tier_and_has_its_price_in_it() -> None:
    paid = TIERED.cost(300_000, 0, cached=200_000, written=50_000)
    assert paid == 50_000 * LONG.input_usd + 200_000 * Decimal("0.25") / MILLION + (
        50_000 * LONG.input_usd
    )


def test_thoughts_have_their_price_where_there_is_one() -> None:
    price = TIERED.model_copy(update={"reasoning_usd": 40 / MILLION})
    assert price.cost(0, 1_000, reasoning=400) == 600 * TIERED.output_usd + Decimal("0.016")
    assert price.most(0, 1_000) == Decimal("0.04"), "all of it may be thoughts"
    assert price.cost(300_000, 9, reasoning=9) == price.cost(300_000, 9), "a tier's own rates hold"


def test_the_highest_of_many_tiers_holds_in_whatever_order_they_are_given() -> None:
    steps = [Tier(from_tokens=n, input_usd=Decimal(n), output_usd=Decimal(0)) for n in (30, 10, 20)]
    price = Price(input_usd=Decimal(1), output_usd=Decimal(0), tiers=tuple(steps))
    assert [price.cost(n, 0) / n for n in (9, 10, 19, 20, 29, 30, 99)] == [
        1,
        10,
        10,
        20,
        20,
        30,
        30,
    ]


def test_a_tier_that_a_prompt_cannot_reach_is_not_held_back_for() -> None:
    assert TIERED.most(200_000, 1_000) == TIERED.cost(200_000, 1_000)
    assert TIERED.most(200_001, 1_000) == TIERED.cost(200_001, 1_000)


rates = st.decimals(min_value=0, max_value=1, places=6)
tiers = st.builds(
    Tier,
    from_tokens=st.integers(1, 1_000),
    input_usd=rates,
    output_usd=rates,
    cached_usd=st.none(),
    cache_written_usd=st.none() | rates,
    reasoning_usd=st.none() | rates,
)


prices = st.builds(
    Price,
    input_usd=rates,
    output_usd=rates,
    cached_usd=st.none(),
    cache_written_usd=st.none() | rates,
    reasoning_usd=st.none() | rates,
    tiers=st.lists(tiers, max_size=3, unique_by=lambda tier: tier.from_tokens).map(tuple),
)
counts = st.integers(0, 2_000)


@given(prices, counts, counts, counts, counts, counts)
def test_no_shorter_prompt_costs_more_than_was_held_back(
    price: Price, estimate: int, sent: int, written: int, output: int, thought: int
) -> None:
    sent = min(sent, estimate)
    cost = price.cost(sent, output, written=written, reasoning=thought)
    assert cost <= price.most(estimate, output)


class TestACallAcrossTheThreshold:
    """A prompt whose estimate lies in the dear tier, and which counts less in the end."""

    PRICE = Price(
        input_usd=Decimal("0.01"),
        output_usd=Decimal(0),
        tiers=(Tier(from_tokens=20, input_usd=Decimal(1), output_usd=Decimal(0)),),
    )

    def router(self, store: CallStore, sent: int) -> Router:
        counted = UsageDelta(TokenUsage(input_tokens=sent, output_tokens=1))
        said = TextDelta(Person.model_validate(ADA).model_dump_json())
        provider = ScriptedProvider([(said, counted, Finished("stop"))])
        prices = FixedPrices({"openai/scripted": self.PRICE})
        return Router(
            ProviderDirectory({"openai/scripted": provider}), store, prices, sleep=Pauses()
        )

    def asked(self, organisation_id: UUID, run_id: UUID | None = None) -> CompletionRequest:
        return question(organisation_id, run_id=run_id, limits=CallLimits(max_cost_usd=MILLION))

    @pytest.mark.parametrize(("sent", "paid"), [(19, "0.19"), (20, "20")])
    async def test_it_is_paid_in_the_tier_that_it_counts_in(
        self, store: CallStore, organisation_id: UUID, sent: int, paid: str
    ) -> None:
        completion = await self.router(store, sent).complete(self.asked(organisation_id), Person)
        assert completion.usage.cost_usd == Decimal(paid)

    async def test_it_is_held_back_at_the_dear_one(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        run = uuid4()
        await store.open_budget(organisation_id, run, limit_usd=Decimal(10))
        with pytest.raises(BudgetExceeded):
            await self.router(store, 19).complete(self.asked(organisation_id, run), Person)
        assert await store.calls(organisation_id, run) == ()


@pytest.mark.parametrize("asked", [0, 1, 999, 1_000, 5_000])
@pytest.mark.parametrize("answered", [0, 1, 700])
def test_the_dearest_of_several_prices_is_below_none_of_them(asked: int, answered: int) -> None:
    tier = Tier(from_tokens=1_000, input_usd=Decimal(1), output_usd=Decimal(9))
    prices = [
        Price(input_usd=Decimal(3), output_usd=Decimal(1), cache_written_usd=Decimal(4)),
        Price(
            input_usd=Decimal("0.5"), output_usd=Decimal(2), reasoning_usd=Decimal(5), tiers=(tier,)
        ),
    ]
    combined = dearest(prices)
    whole = combined.cost(asked, answered)
    assert whole >= max(
        price.cost(asked, answered, written=asked, reasoning=answered) for price in prices
    )
    assert combined.most(asked, answered) >= max(price.most(asked, answered) for price in prices)
