"""The groups of a configuration as routing knows them."""

from collections.abc import Iterator

from quantumlayer.router.configuration.answerers import listed_price
from quantumlayer.router.configuration.model import Configuration, Deployment
from quantumlayer.router.routing import Deployment as Routed
from quantumlayer.router.routing import Group, RoutingTable, Strategy


def routing_table(configuration: Configuration) -> RoutingTable:
    """The groups of deployments, and the chains between them."""
    return RoutingTable(groups=tuple(_groups(configuration)))


def _groups(configuration: Configuration) -> Iterator[Group]:
    for name, group in configuration.models.items():
        ordered = group.strategy == "in_order"
        yield Group(
            name=name,
            deployments=tuple(
                _routed(configuration, one, index if ordered else 0)
                for index, one in enumerate(group.deployments)
            ),
            strategy=Strategy.WEIGHTED if ordered else Strategy(group.strategy),
            fallbacks=group.fallbacks,
        )


def _routed(configuration: Configuration, deployment: Deployment, tier: int) -> Routed:
    return Routed(
        name=deployment.known_as,
        model=deployment.model,
        weight=deployment.weight,
        tags=frozenset(deployment.tags),
        region=deployment.region,
        price=listed_price(configuration, deployment),
        tier=tier,
    )
