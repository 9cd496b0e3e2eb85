"""A collector of traces: real OTLP over HTTP, decoded with OpenTelemetry's own messages."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

KINDS = {Span.SPAN_KIND_SERVER: "server", Span.SPAN_KIND_CLIENT: "client"}


@dataclass(frozen=True)
class Seen:
    """A span as it arrived; ids are in hexadecimal, `parent` is empty for the first of a trace."""

    name: str
    kind: str
    trace: str
    id: str
    parent: str
    failed: bool
    said: str
    attributes: dict[str, object]
    service: object


@dataclass
class Collector:
    """What has arrived so far."""

    url: str = ""
    raw: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[Seen]:
        """Every span, in the order of their beginnings."""
        found = []
        for data in self.raw:
            for group in ExportTraceServiceRequest.FromString(data).resource_spans:
                service = _attributes(group.resource.attributes).get("service.name")
                for scope in group.scope_spans:
                    found += [
                        (span.start_time_unix_nano, _seen(span, service)) for span in scope.spans
                    ]
        return [span for _, span in sorted(found, key=lambda one: one[0])]

    async def take(self, request: web.Request) -> web.Response:
        """One export."""
        body = await request.read()
        packed = request.headers.get("content-encoding") == "gzip"
        self.raw.append(gzip.decompress(body) if packed and body[:2] == b"\x1f\x8b" else body)
        answer = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=answer, content_type="application/x-protobuf")


@asynccontextmanager
async def otlp_collector() -> AsyncIterator[Collector]:
    """A collector on a free port of loopback; `url` is what clients are told."""
    collector = Collector()
    application = web.Application()
    application.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()


def _seen(span: Span, service: object) -> Seen:
    return Seen(
        name=span.name,
        kind=KINDS.get(span.kind, "internal"),
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        failed=span.status.code == Status.STATUS_CODE_ERROR,
        said=span.status.message,
        attributes=_attributes(span.attributes),
        service=service,
    )


def _attributes(pairs: object) -> dict[str, object]:
    return {pair.key: _value(pair.value) for pair in pairs}  # type: ignore[attr-defined] # generated


def _value(value: AnyValue) -> object:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(one) for one in value.array_value.values]
    return getattr(value, kind) if kind else None
