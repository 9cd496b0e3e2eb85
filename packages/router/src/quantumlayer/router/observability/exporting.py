"""Traces on their way to a collector, over OTLP."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from quantumlayer.router.observability.switch import switch_off, switch_on

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PATH = "/v1/traces"


class TracingUnavailable(RuntimeError):  # noqa: N818 - says what happened
    """Traces are wanted, and what sends them is not installed; says what to do."""


def is_wanted(endpoint: str | None, environment: Mapping[str, str] | None = None) -> bool:
    """Whether somebody has said where traces go: settings, or OpenTelemetry's own variables."""
    known = os.environ if environment is None else environment
    if known.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if known.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    return endpoint is not None or any(known.get(name) for name in _ENDPOINTS)


@asynccontextmanager
async def exported(service: str, endpoint: str | None = None) -> AsyncIterator[None]:
    """Sends traces while the block lasts, if that is wanted, and what is left at its end.

    `endpoint` is a collector's base URL; where it is None the environment names one. Everything
    else (headers, sampling, sizes of batches) is told by OpenTelemetry's variables. Raises
    `TracingUnavailable`.
    """
    if not is_wanted(endpoint):
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise TracingUnavailable(
            f"traces are to be sent, and {error.name} is not installed: install "
            f"{service}[otel], or take {_ENDPOINTS[1]} and `tracing` away"
        ) from None
    name = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": service}
    provider = TracerProvider(resource=Resource.create(name))
    url = None if endpoint is None else endpoint.rstrip("/") + _PATH
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    switch_on(provider)
    try:
        yield
    finally:
        switch_off()
        await asyncio.to_thread(provider.shutdown)
