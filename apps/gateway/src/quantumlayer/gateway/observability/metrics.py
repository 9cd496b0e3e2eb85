"""What Prometheus reads: by organisation, model, provider and module.

Labels come from the configuration or from short fixed lists, never from a request, so that no
client can make a series.
"""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# From a tenth of a millisecond, which is what the gateway itself takes, to half an hour.
_SECONDS = (0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800)
_TOKENS = ("input", "output", "cached", "reasoning")
CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
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

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
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
        self._modules = self._counter("module", "What modules did.", "module", "outcome")
        self._refused = self._counter("refused", "Refusals.", "organisation", "reason")
        self._dropped = self._counter("audit_failures", "Audit rows that could not be written.")
        self._duration = self._histogram("duration", "Whole calls.", "model", "provider")
        self._first = self._histogram("first_token", "To the first piece.", "model", "provider")
        self._own = self._histogram("overhead", "What the gateway itself took.", "endpoint")
        self._module_time = self._histogram("module", "What modules took.", "module")
        self.in_flight = self._gauge("in_flight", "Calls under way.")
        self.circuits = self._gauge(
            "circuit_admits", "The share of calls let through to a deployment.", "deployment"
        )

    def add(self, measured: Measured) -> None:
        """Counts one call."""
        who = (measured.organisation, measured.model, measured.provider)
        where = (measured.model, measured.provider)
        self._calls.labels(*who, measured.endpoint, str(measured.status)).inc()
        counted = (
            measured.input_tokens,
            measured.output_tokens,
            measured.cached_tokens,
            measured.reasoning_tokens,
        )
        for kind, number in zip(_TOKENS, counted, strict=True):
            if number:
                self._tokens.labels(*who, kind).inc(number)
        if measured.cost:
            self._cost.labels(*who).inc(measured.cost)
        self._cache.labels(measured.organisation, measured.cache).inc()
        if measured.attempts > 1:
            self._failovers.labels(measured.model).inc(measured.attempts - 1)
        self._duration.labels(*where).observe(measured.duration)
        if measured.first_token is not None:
            self._first.labels(*where).observe(measured.first_token)
        if measured.own is not None:
            self._own.labels(measured.endpoint).observe(measured.own)

    def refused(self, organisation: str, reason: str) -> None:
        """Counts a call that was refused before anybody was asked."""
        self._refused.labels(organisation, reason).inc()

    def module(self, name: str, outcome: str, seconds: float) -> None:
        """Counts what a module did to one text."""
        self._modules.labels(name, outcome).inc()
        self._module_time.labels(name).observe(seconds)

    def audit_failed(self) -> None:
        """Counts an audit row that could not be written."""
        self._dropped.inc()

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, said: str, *labels: str) -> Counter:
        return Counter(f"ql_gateway_{name}_total", said, labels, registry=self.registry)

    def _histogram(self, name: str, said: str, *labels: str) -> Histogram:
        return Histogram(
            f"ql_gateway_{name}_seconds",
            f"{said} In seconds.",
            labels,
            registry=self.registry,
            buckets=_SECONDS,
        )

    def _gauge(self, name: str, said: str, *labels: str) -> Gauge:
        return Gauge(f"ql_gateway_{name}", said, labels, registry=self.registry)
