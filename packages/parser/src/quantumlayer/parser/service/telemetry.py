"""Counters and times of the service, for Prometheus."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from quantumlayer.parser.model import FileAnalysis

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Telemetry:
    """What one service counts; each has a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "quantumlayer_parser_requests",
            "Requests to /v1/analyze by status.",
            ("status",),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "quantumlayer_parser_request_seconds",
            "Time to answer /v1/analyze.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._waiting = Gauge(
            "quantumlayer_parser_requests_in_flight",
            "Requests to /v1/analyze under way.",
            registry=self._registry,
        )
        self._files = Counter(
            "quantumlayer_parser_files",
            "Files by language and by who decided on their syntax.",
            ("language", "tier"),
            registry=self._registry,
        )
        self._bytes = Counter(
            "quantumlayer_parser_bytes", "Bytes of source.", registry=self._registry
        )

    @contextmanager
    def request(self) -> Iterator[None]:
        """Counts a request as under way and takes its time."""
        begun = perf_counter()
        with self._waiting.track_inprogress():
            yield
        self._seconds.observe(perf_counter() - begun)

    def answered(self, status: int) -> None:
        """Counts an answer."""
        self._requests.labels(str(status)).inc()

    def analysed(self, analyses: Iterable[FileAnalysis], size: int) -> None:
        """Counts what was analysed, `size` bytes of source."""
        for one in analyses:
            self._files.labels(one.language or "unknown", one.syntax.tier.value).inc()
        self._bytes.inc(size)

    def exposition(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self._registry)
