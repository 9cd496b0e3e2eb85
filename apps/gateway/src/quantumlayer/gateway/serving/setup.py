"""What a request is served with: everything that follows from one configuration."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from quantumlayer.gateway.audit import Journal
from quantumlayer.gateway.observability import Metrics
from quantumlayer.gateway.serving.accounts import Accounts
from quantumlayer.gateway.serving.upstreams import Upstream
from quantumlayer.gateway.tenants import Callers
from quantumlayer.router.answers import AnswerCache, Idempotency, SemanticCache
from quantumlayer.router.configuration import Configuration
from quantumlayer.router.guardrails import Counts, Pipeline
from quantumlayer.router.leases import Leases
from quantumlayer.router.limits import RateLimiter
from quantumlayer.router.routing import HealthBook, RoutingTable, Rules


@dataclass(frozen=True, slots=True)
class Parts:
    """What outlives a configuration: what was learned, counted, kept and written down."""

    health: HealthBook
    limiter: RateLimiter
    accounts: Accounts
    leases: Leases
    idempotency: Idempotency
    cache: AnswerCache
    semantic: SemanticCache | None
    embedding: str | None
    """The model whose vectors the semantic cache holds."""
    journal: Journal
    metrics: Metrics
    rules: Rules
    counts: Counts
    rng: random.Random = field(default_factory=random.Random)


@dataclass(frozen=True, slots=True)
class Setup:
    """One configuration, made ready; `pipelines` are by the names of their modules."""

    configuration: Configuration
    parts: Parts
    callers: Callers
    table: RoutingTable
    groups: frozenset[str]
    upstreams: Mapping[str, Upstream]
    pipelines: Mapping[tuple[str, ...], Pipeline]
