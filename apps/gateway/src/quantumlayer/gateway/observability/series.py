"""Counters and histograms that one event loop adds to: without the locks that threads would need.

To count a call in prometheus-client's own costs more than to write down its audit row.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector


class Counter(Collector):
    """A counter: a number for each set of labels."""

    def __init__(self, name: str, said: str, labels: Sequence[str]) -> None:
        self._name, self._said, self._labels = name, said, labels
        self._numbers: defaultdict[tuple[str, ...], float] = defaultdict(float)

    def add(self, *labels: str, number: float = 1) -> None:
        """So many more."""
        self._numbers[labels] += number

    def collect(self) -> Iterator[Metric]:
        """All of its series."""
        family = CounterMetricFamily(self._name, self._said, labels=self._labels)
        for labels, number in self._numbers.items():
            family.add_metric(labels, number)
        yield family


class Durations(Collector):
    """A histogram of seconds: how many were at most as long as each of the `bounds`."""

    def __init__(
        self, name: str, said: str, labels: Sequence[str], bounds: Sequence[float]
    ) -> None:
        self._name, self._said, self._labels = name, said, labels
        self._bounds = bounds
        self._shown = [*(repr(float(bound)) for bound in bounds), "+Inf"]
        self._numbers: dict[tuple[str, ...], list[int]] = {}
        self._sums: defaultdict[tuple[str, ...], float] = defaultdict(float)

    def add(self, *labels: str, seconds: float) -> None:
        """One more."""
        numbers = self._numbers.get(labels)
        if numbers is None:
            numbers = self._numbers[labels] = [0] * len(self._shown)
        numbers[bisect_left(self._bounds, seconds)] += 1
        self._sums[labels] += seconds

    def collect(self) -> Iterator[Metric]:
        """All of its series."""
        family = HistogramMetricFamily(self._name, self._said, labels=self._labels)
        for labels, numbers in self._numbers.items():
            buckets = list(zip(self._shown, accumulate(numbers), strict=True))
            family.add_metric(labels, buckets, self._sums[labels])
        yield family
