"""The order in which deployments are tried."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.pricing import Price, Tier
from quantumlayer.router.routing import (
    Deployment,
    Group,
    Health,
    RoutingTable,
    Strategy,
    Then,
    Unhealthy,
    Wishes,
    order,
    remaining,
    route,
)
from tests.support.routing_parts import health, seeded

ANY = Wishes()


def deployment(name: str, **given: object) -> Deployment:
    return Deployment.model_validate({"name": name, "model": f"openai/{name}", **given})


def price(asked: Decimal | str, answered: Decimal | str, *tiers: Tier) -> Price:
    return Price(input_usd=Decimal(asked), output_usd=Decimal(answered), tiers=tiers)


def group(*deployments: Deployment, **given: object) -> Group:
    return Group.model_validate({"name": "chat", "deployments": deployments, **given})


def names(ordered: tuple[Deployment, ...]) -> str:
    return " ".join(one.name for one in ordered)


def firsts(
    group: Group, wishes: Wishes = ANY, state: dict[str, Health] | None = None, calls: int = 4000
) -> Counter[str]:
    rng = seeded(7)
    return Counter(order(group, wishes, state or {}, rng)[0].name for _ in range(calls))


def test_each_comes_first_as_often_as_its_share_of_the_weights() -> None:
    counted = firsts(group(deployment("a", weight=1), deployment("b", weight=3)))

    assert counted["a"] == pytest.approx(1000, rel=0.1)


def test_a_weight_of_zero_is_a_reserve() -> None:
    spare = group(deployment("spare", weight=0), deployment("a"), deployment("b"))

    for seed in range(50):
        assert order(spare, ANY, {}, seeded(seed))[-1].name == "spare"


def test_unhealthy_ones_are_the_last_resort_or_left_out() -> None:
    state = {"a": health(available=False)}
    for seed in range(20):
        rng = seeded(seed)
        both = deployment("a", weight=1000), deployment("b", tier=1)
        assert names(order(group(*both), ANY, state, rng)) == "b a"
        assert names(order(group(*both, unhealthy=Unhealthy.LEFT_OUT), ANY, state, rng)) == "b"


def test_a_lower_tier_goes_first_whatever_the_strategy() -> None:
    tiers = group(
        deployment("spot", tier=1, price=price("0.1", "0.1")),
        deployment("reserved", tier=0, price=price("9", "9")),
        strategy="lowest_cost",
    )
    assert names(order(tiers, ANY, {}, seeded(1))) == "reserved spot"


def test_the_lowest_cost_depends_on_what_is_asked_and_unknown_prices_are_last() -> None:
    priced = group(
        deployment("unknown"),
        deployment("cheap-in", price=price("0.000001", "0.00001")),
        deployment("cheap-out", price=price("0.000003", "0.000004")),
        strategy="lowest_cost",
    )
    reads = Wishes(input_tokens=100_000, output_tokens=10)
    writes = Wishes(input_tokens=10, output_tokens=100_000)

    assert names(order(priced, reads, {}, seeded(1))) == "cheap-in cheap-out unknown"
    assert names(order(priced, writes, {}, seeded(1))) == "cheap-out cheap-in unknown"


def test_a_long_prompt_goes_to_whom_it_costs_least_with_what_long_prompts_cost() -> None:
    long = Tier(from_tokens=200_000, input_usd=Decimal(4), output_usd=Decimal(4))
    priced = group(
        deployment("cheap-until", price=price("1", "1", long)),
        deployment("even", price=price("2", "2")),
        strategy="lowest_cost",
    )
    for tokens, first in ((199_999, "cheap-until"), (200_000, "even")):
        ordered = order(priced, Wishes(input_tokens=tokens), {}, seeded(1))
        assert ordered[0].name == first


def test_equal_prices_share_the_calls_by_weight() -> None:
    same = {"price": price("0.1", "0.1")}
    counted = firsts(
        group(deployment("a", **same), deployment("b", weight=3, **same), strategy="lowest_cost")
    )
    assert counted["a"] == pytest.approx(1000, rel=0.1)


def test_the_least_latency_goes_first_but_for_a_share_of_exploring() -> None:
    fleet = group(*(deployment(name) for name in "abc"), strategy="least_latency", exploration=0.1)
    state = {
        "a": health(first_token_seconds=2.0),
        "b": health(first_token_seconds=0.3),
        "c": health(first_token_seconds=1.0),
    }
    counted = firsts(fleet, state=state)

    assert counted["b"] == pytest.approx(3600, rel=0.05)
    assert counted["a"] == pytest.approx(200, rel=0.3)
    assert counted["c"] == pytest.approx(200, rel=0.3)


def test_who_is_about_as_fast_or_was_never_asked_gets_a_share_and_not_all() -> None:
    fleet = group(
        *(deployment(name) for name in ("fast", "near", "new", "slow")),
        strategy="least_latency",
        exploration=0,
    )
    state = {
        "fast": health(first_token_seconds=1.0),
        "near": health(first_token_seconds=1.05),
        "slow": health(first_token_seconds=3.0),
    }
    counted = firsts(fleet, state=state, calls=3000)

    assert counted["slow"] == 0
    for name in ("fast", "near", "new"):
        assert counted[name] == pytest.approx(1000, rel=0.15)


def test_exploring_never_reaches_past_a_tier_or_to_the_unhealthy() -> None:
    fleet = group(
        deployment("a"),
        deployment("b", tier=1),
        deployment("ill"),
        strategy="least_latency",
        exploration=1,
    )
    assert firsts(fleet, state={"ill": health(available=False)}, calls=200) == {"a": 200}


def test_only_deployments_with_all_wanted_tags_are_tried() -> None:
    tagged = group(
        deployment("a", tags=["eu", "no-training"]), deployment("b", tags=["eu"]), deployment("c")
    )
    both = Wishes(tags=frozenset({"eu", "no-training"}))

    assert names(order(tagged, both, {}, seeded(1))) == "a"
    assert order(tagged, Wishes(tags=frozenset({"moon"})), {}, seeded(1)) == ()


def test_wanted_regions_go_first_in_their_order_or_are_the_only_ones() -> None:
    world = group(deployment("us", region="us"), deployment("eu", region="eu"), deployment("any"))
    wishes = Wishes(regions=("eu", "us"))
    for seed in range(10):
        rng = seeded(seed)
        assert names(order(world, wishes, {}, rng)) == "eu us any"
        only = Wishes(regions=("eu",), region_required=True)
        assert names(order(world, only, {}, rng)) == "eu"


def test_a_call_may_wish_for_another_strategy_than_the_groups() -> None:
    priced = group(
        deployment("dear", weight=1000, price=price("1", "1")),
        deployment("cheap", price=price("0.1", "0.1")),
    )
    wishes = Wishes(strategy=Strategy.LOWEST_COST)
    assert names(order(priced, wishes, {}, seeded(1))) == "cheap dear"


def chained() -> RoutingTable:
    shared = deployment("shared")
    return RoutingTable(
        groups=(
            Group(name="fast", deployments=(deployment("f1"), shared), fallbacks=("large",)),
            Group(name="large", deployments=(shared, deployment("l1", tier=1))),
        )
    )


def test_a_route_goes_down_the_chain_and_tries_no_deployment_twice() -> None:
    for seed in range(10):
        found = route(chained(), "fast", ANY, {}, seeded(seed))

        assert [one.group for one in found] == ["fast", "fast", "large"]
        assert sorted(one.deployment.name for one in found[:2]) == ["f1", "shared"]
        assert found[2].deployment.name == "l1"


def test_what_is_left_after_a_failure_follows_from_its_rule() -> None:
    found = route(chained(), "fast", ANY, {}, seeded(1))

    assert remaining(found, 0, Then.NEXT) == found[1:]
    assert remaining(found, 0, Then.NEXT_GROUP) == found[2:]
    assert remaining(found, 0, Then.END) == ()
    assert remaining(found, 2, Then.NEXT) == ()


tags = st.frozensets(st.sampled_from("xyz"))
regions = st.sampled_from(["eu", "us", None])
dollars = st.decimals(0, 1, places=6)
deployments = st.lists(
    st.builds(
        Deployment,
        name=st.sampled_from("abcdefgh"),
        model=st.just("openai/m"),
        weight=st.sampled_from([0, 1e-300, 0.5, 1, 1e300]),
        tags=tags,
        region=regions,
        price=st.none() | st.builds(price, dollars, dollars),
        tier=st.integers(0, 2),
    ),
    min_size=1,
    unique_by=lambda one: one.name,
)


@given(
    deployments=deployments,
    strategy=st.sampled_from(Strategy),
    unhealthy=st.sampled_from(Unhealthy),
    wishes=st.builds(
        Wishes,
        tags=tags,
        regions=st.lists(st.sampled_from(["eu", "us"]), unique=True).map(tuple),
        region_required=st.booleans(),
    ),
    state=st.dictionaries(
        st.sampled_from("abcdefgh"),
        st.builds(
            health,
            available=st.booleans(),
            first_token_seconds=st.none() | st.floats(0, 100),
        ),
    ),
    seed=st.integers(0, 99),
)
def test_any_order_holds_exactly_who_fits_healthy_before_unhealthy_and_tiers_in_order(
    deployments: list[Deployment],
    strategy: Strategy,
    unhealthy: Unhealthy,
    wishes: Wishes,
    state: dict[str, Health],
    seed: int,
) -> None:
    fleet = group(*deployments, strategy=strategy, unhealthy=unhealthy)
    ordered = order(fleet, wishes, state, seeded(seed))

    def ill(one: Deployment) -> bool:
        return one.name in state and not state[one.name].available

    expected = {
        one.name
        for one in deployments
        if wishes.tags <= one.tags
        and (not wishes.region_required or one.region in wishes.regions)
        and not (ill(one) and unhealthy is Unhealthy.LEFT_OUT)
    }
    assert sorted(one.name for one in ordered) == sorted(expected)
    places = [(ill(one), one.tier, one.weight == 0) for one in ordered]
    assert places == sorted(places)
