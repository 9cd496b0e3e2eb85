"""Which deployments are tried, and in which order: a pure decision over data."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from quantumlayer.router.routing.failures import Then
from quantumlayer.router.routing.groups import (
    Deployment,
    Group,
    RoutingTable,
    Strategy,
    Unhealthy,
)
from quantumlayer.router.routing.health import Health

# Averages this close say nothing; without a margin all calls would run to one deployment at a time.
_AS_FAST = 1.1


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one call wants of a deployment.

    All `tags` must be there. `regions` are preferred in their order, or the only ones when
    `region_required`. `strategy` stands in place of the group's. The token counts weigh prices
    against each other; a rough guess will do.
    """

    tags: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()
    region_required: bool = False
    strategy: Strategy | None = None
    input_tokens: int = 3000
    output_tokens: int = 1000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A deployment to try, and the group of the chain that it is tried for."""

    group: str
    deployment: Deployment


HealthByName = Mapping[str, Health]


def route(
    table: RoutingTable, name: str, wishes: Wishes, health: HealthByName, rng: random.Random
) -> tuple[Candidate, ...]:
    """Everything that may be tried for the group `name`, its fallback chain included, in order.

    A deployment that stands in several groups is tried once. Empty when none fits the wishes.
    Raises `KeyError` for a group that does not exist.
    """
    found: dict[str, Candidate] = {}
    for group in table.chain(name):
        for deployment in order(group, wishes, health, rng):
            found.setdefault(deployment.name, Candidate(group.name, deployment))
    return tuple(found.values())


def remaining(candidates: Sequence[Candidate], failed: int, then: Then) -> tuple[Candidate, ...]:
    """Who may be tried after the candidate at the index `failed` did not answer."""
    if then is Then.END:
        return ()
    rest = tuple(candidates[failed + 1 :])
    if then is Then.NEXT:
        return rest
    return tuple(one for one in rest if one.group != candidates[failed].group)


def order(
    group: Group, wishes: Wishes, health: HealthByName, rng: random.Random
) -> tuple[Deployment, ...]:
    """The group's deployments that fit the wishes, in the order to try.

    Available ones come before unhealthy ones (which the group may leave out), then lower tiers
    before higher, weights before no weight, wanted regions in their order; among equals the
    strategy decides. Empty when none fits.
    """

    fitting = [one for one in group.deployments if _fits(one, wishes)]
    if len(fitting) == 1 and group.unhealthy is Unhealthy.LAST:
        return tuple(fitting)
    known = {one.name: seen for one in fitting if (seen := health.get(one.name))}
    ill = {name for name, one in known.items() if not one.available}

    def place(deployment: Deployment) -> tuple[bool, int, bool, int]:
        return (
            deployment.name in ill,
            deployment.tier,
            deployment.weight == 0,
            _region_rank(deployment, wishes),
        )

    if group.unhealthy is Unhealthy.LEFT_OUT:
        fitting = [one for one in fitting if one.name not in ill]
    ordered: list[Deployment] = []
    for _, equals in groupby(sorted(fitting, key=place), key=place):
        shuffled = _by_weight(equals, rng)
        match wishes.strategy or group.strategy:
            case Strategy.WEIGHTED:
                ordered += shuffled
            case Strategy.LEAST_LATENCY:
                ordered += _explored(_by_latency(shuffled, known), group.exploration, rng)
            case Strategy.LOWEST_COST:
                ordered += _by_cost(shuffled, wishes)
    return tuple(ordered)


def _fits(deployment: Deployment, wishes: Wishes) -> bool:
    if wishes.region_required and deployment.region not in wishes.regions:
        return False
    return wishes.tags <= deployment.tags


def _region_rank(deployment: Deployment, wishes: Wishes) -> int:
    if deployment.region in wishes.regions:
        return wishes.regions.index(deployment.region)
    return len(wishes.regions)


def _by_weight(deployments: Iterable[Deployment], rng: random.Random) -> list[Deployment]:
    """A random order in which each comes first as often as its share of the weights.

    The exponential keys of Efraimidis and Spirakis, "Weighted random sampling with a reservoir"
    (2006): the smallest draw first is sampling by weight without replacement.
    """
    return sorted(deployments, key=lambda one: rng.expovariate(one.weight or 1))


def _by_latency(shuffled: list[Deployment], known: HealthByName) -> list[Deployment]:
    """The fastest first; who was never heard of counts as fast, and gets its share of calls."""
    averages = {
        one.name: known[one.name].first_token_seconds for one in shuffled if one.name in known
    }
    fastest = min((one for one in averages.values() if one is not None), default=0.0)

    def seconds(deployment: Deployment) -> float:
        average = averages.get(deployment.name)
        return fastest if average is None or average <= fastest * _AS_FAST else average

    return sorted(shuffled, key=seconds)


def _explored(ranked: list[Deployment], share: float, rng: random.Random) -> list[Deployment]:
    """Now and then another one first, because only who is asked can show its speed."""
    if len(ranked) > 1 and rng.random() < share:
        another = rng.randrange(1, len(ranked))
        return [ranked[another], *ranked[:another], *ranked[another + 1 :]]
    return ranked


def _by_cost(shuffled: list[Deployment], wishes: Wishes) -> list[Deployment]:
    """The cheapest for so many tokens first; an unknown price is never taken for a low one."""

    def cost(deployment: Deployment) -> tuple[bool, Decimal]:
        if deployment.price is None:
            return True, Decimal(0)
        return False, deployment.price.cost(wishes.input_tokens, wishes.output_tokens)

    return sorted(shuffled, key=cost)
