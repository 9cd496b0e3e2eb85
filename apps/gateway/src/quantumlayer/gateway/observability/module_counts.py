"""What guardrails did and took, as Prometheus reads it."""

from collections.abc import Iterator

from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from quantumlayer.router.guardrails import Counts


class ModuleCounts(Collector):
    """Reads what pipelines count anyway, when somebody asks."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """One series for each module, side of an exchange and outcome; and each module's time."""
        did = CounterMetricFamily(
            "ql_gateway_module", "What modules did.", labels=("module", "side", "outcome")
        )
        for labels, number in tuple(self._counts.values.items()):
            did.add_metric(labels, number)
        took = CounterMetricFamily(
            "ql_gateway_module_seconds", "What modules took. In seconds.", labels=("module",)
        )
        for module, seconds in tuple(self._counts.seconds.items()):
            took.add_metric((module,), seconds)
        yield did
        yield took
