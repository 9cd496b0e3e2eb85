"""What traces cost a request of the gateway: switched off, beside OpenTelemetry's own spans that
record nothing, and switched on.

A request is a server's span, what is said of it, and one call of a provider. By the process's own
processor time, the best of several rounds.
"""

import time
from collections.abc import Callable

from opentelemetry import propagate, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from benchmarks.figures import Figure, report
from quantumlayer.gateway.http import Reply, Request
from quantumlayer.gateway.observability import annotate, served
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.observability import Asking, asking, switch_off, switch_on

ROUNDS, REQUESTS = 7, 20_000
ASKED = Asking("chat", "openai", "gpt-5", "https://api.openai.com/v1")
RECEIVED = Gathered()


async def _nothing(*_: object) -> dict[str, object]:
    return {}


REQUEST = Request("POST", "/v1/chat/completions", {}, _nothing)
REPLY = Reply(_nothing)  # type: ignore[arg-type] # nothing is sent


class _Nowhere(SpanExporter):
    def export(self, spans: object) -> SpanExportResult:  # noqa: ARG002 - the base class names it
        return SpanExportResult.SUCCESS


def main() -> None:
    """Measures all three and writes `.quantumlayer/bench/tracing.json`."""
    bare = _microseconds(_bare)
    off = _microseconds(_request) - bare
    theirs = _microseconds(_theirs) - bare
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(_Nowhere()))
    switch_on(provider)
    on = _microseconds(_request) - bare
    switch_off()
    print(
        report(
            "tracing",
            [
                Figure("a request, traces switched off", off, "µs", aim=3.0),
                Figure("the same with OpenTelemetry's spans that record nothing", theirs, "µs"),
                Figure("a request, traces switched on, without sending them", on, "µs"),
                Figure("switched off beside theirs", off / theirs, "times", aim=0.2),
            ],
        )
    )


def _microseconds(work: Callable[[], None]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(REQUESTS):
            work()
        best = min(best, time.process_time() - begun)
    return best / REQUESTS * 1e6


def _bare() -> None:
    pass


def _request() -> None:
    with served(REQUEST, REPLY):
        annotate(organisation="acme", key="ci", run=None, file=None)
        with asking(ASKED, RECEIVED) as span:
            span.first_token()


_TRACER = trace.get_tracer("benchmark")


def _theirs() -> None:
    with _TRACER.start_as_current_span("POST", kind=trace.SpanKind.SERVER) as server:
        server.set_attributes({"quantumlayer.organisation": "acme"})
        span = _TRACER.start_span("chat gpt-5", kind=trace.SpanKind.CLIENT)
        propagate.inject({}, trace.set_span_in_context(span))
        span.end()


if __name__ == "__main__":
    main()
