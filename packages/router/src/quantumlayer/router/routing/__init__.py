"""Which deployment answers a call, and who is asked when it does not: decisions over data."""

from quantumlayer.router.routing.breakers import Breaker, Permit
from quantumlayer.router.routing.failures import (
    Effect,
    FailureKind,
    Rule,
    Rules,
    Then,
    failover_rules,
)
from quantumlayer.router.routing.groups import (
    Deployment,
    Group,
    RoutingTable,
    Strategy,
    Unhealthy,
)
from quantumlayer.router.routing.health import Health, HealthBook
from quantumlayer.router.routing.kinds import is_unknown_model, kind_of
from quantumlayer.router.routing.latency import LatencyAverage
from quantumlayer.router.routing.nouns import BreakerPolicy, BreakerState, BreakerView
from quantumlayer.router.routing.ordering import Candidate, Wishes, order, remaining, route

__all__ = [
    "Breaker",
    "BreakerPolicy",
    "BreakerState",
    "BreakerView",
    "Candidate",
    "Deployment",
    "Effect",
    "FailureKind",
    "Group",
    "Health",
    "HealthBook",
    "LatencyAverage",
    "Permit",
    "RoutingTable",
    "Rule",
    "Rules",
    "Strategy",
    "Then",
    "Unhealthy",
    "Wishes",
    "failover_rules",
    "is_unknown_model",
    "kind_of",
    "order",
    "remaining",
    "route",
]
