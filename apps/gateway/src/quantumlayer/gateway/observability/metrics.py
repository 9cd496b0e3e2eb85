"""What Prometheus reads: by organisation, model, provider and module.

Labels come from the configuration or from short fixed lists, never from a request, so that no
client can make a series.
"""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from quantumlayer.gateway.observability.module_counts import ModuleCounts
from quantumlayer.gateway.observability.series import Counter, Durations
from quantumlayer.router.guardrails import Counts

# From a tenth of a millisecond, which is what the gateway itself takes, to half an hour.
_SECONDS = (0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800)
_TOKENS = ("input", "output", "cached", "reasoning")
CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


@dataclass(slots=True, kw_only=True)
class Measured:
    """What one call adds; `cost` is in dollars, times are in seconds."""

    organisation: str
    model: str
    provider: str
    endpoint: str
    status: int
    cache: str
    attempts: int
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    cost: float = 0.0
    duration: float
    first_token: float | None = None
    own: float | None = None
    """What of the duration was the gateway's and not the provider's."""


class Metrics:
    """The series of one gateway process."""

    def __init__(self, modules: Counts) -> None:
        """`modules` is where pipelines count what guardrails do."""
        self.registry = CollectorRegistry()
        self.registry.register(ModuleCounts(modules))
        self._calls = self._counter(
            "calls", "Calls answered.", "organisation", "model", "provider", "endpoint", "status"
        )
        self._tokens = self._counter(
            "tokens", "Tokens by kind.", "organisation", "model", "provider", "kind"
        )
        self._cost = self._counter(
            "cost_usd", "Dollars that calls cost.", "organisation", "model", "provider"
        )
        self._cache = self._counter("cache", "Look-ups of answers.", "organisation", "outcome")
        self._failovers = self._counter("failovers", "Tries after the first.", "model")
        self._refused = self._counter("refused", "Refusals.", "organisation", "reason")
        self._dropped = self._counter("audit_failures", "Audit rows that could not be written.")
        self._dropped.add(number=0)
        self._duration = self._durations("duration", "Whole calls.", "model", "provider")
        self._first = self._durations("first_token", "To the first piece.", "model", "provider")
        self._own = self._durations("overhead", "What the gateway itself took.", "endpoint")
        self.audit_waiting = self._gauge(
            "audit_waiting_rows", "Audit rows on the disk that PostgreSQL does not have yet."
        )
        self.in_flight = self._gauge("in_flight", "Calls under way.")
        self.circuits = self._gauge(
            "circuit_admits", "The share of calls let through to a deployment.", "deployment"
        )

    def add(self, measured: Measured) -> None:
        """Counts one call."""
        who = (measured.organisation, measured.model, measured.provider)
        where = (measured.model, measured.provider)
        self._calls.add(*who, measured.endpoint, str(measured.status))
        counted = (
            measured.input_tokens,
            measured.output_tokens,
            measured.cached_tokens,
            measured.reasoning_tokens,
        )
        for kind, number in zip(_TOKENS, counted, strict=True):
            if number:
                self._tokens.add(*who, kind, number=number)
        if measured.cost:
            self._cost.add(*who, number=measured.cost)
        self._cache.add(measured.organisation, measured.cache)
        if measured.attempts > 1:
            self._failovers.add(measured.model, number=measured.attempts - 1)
        self._duration.add(*where, seconds=measured.duration)
        if measured.first_token is not None:
            self._first.add(*where, seconds=measured.first_token)
        if measured.own is not None:
            self._own.add(measured.endpoint, seconds=measured.own)

    def refused(self, organisation: str, reason: str) -> None:
        """Counts a call that was refused before anybody was asked."""
        self._refused.add(organisation, reason)

    def audit_failed(self) -> None:
        """Counts an audit row that could not be written."""
        self._dropped.add()

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, said: str, *labels: str) -> Counter:
        made = Counter(f"ql_gateway_{name}", said, labels)
        self.registry.register(made)
        return made

    def _durations(self, name: str, said: str, *labels: str) -> Durations:
        made = Durations(f"ql_gateway_{name}_seconds", f"{said} In seconds.", labels, _SECONDS)
        self.registry.register(made)
        return made

    def _gauge(self, name: str, said: str, *labels: str) -> Gauge:
        return Gauge(f"ql_gateway_{name}", said, labels, registry=self.registry)
