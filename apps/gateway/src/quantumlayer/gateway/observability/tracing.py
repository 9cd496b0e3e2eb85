"""The span of one request of the gateway, by the conventions for HTTP servers."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from quantumlayer.gateway.http import Reply, Request
from quantumlayer.router.observability import tracer

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

# Asked every few seconds by machines, and nobody's calls.
_UNTRACED = frozenset({"/healthz", "/readyz", "/metrics"})
_ROUTES = frozenset(
    {
        "/",
        "/docs",
        "/v1/chat/completions",
        "/v1/embeddings",
        "/v1/messages",
        "/v1/messages/count_tokens",
        "/v1/models",
        "/v1/responses",
    }
)
# What stands behind these names models, organisations and keys, or is anything at all.
_BEGINNINGS = ("/v1/models/", "/admin/")
_NOTHING = nullcontext()
_PARENT = ("traceparent", "tracestate")


def served(request: Request, reply: Reply) -> AbstractContextManager[None]:
    """Traces a request, if traces are wanted, as a part of whatever trace its client named."""
    made_by = tracer()
    if made_by is None or request.path in _UNTRACED:
        return _NOTHING
    return _span(made_by, request, reply)


def annotate(**attributes: str | int | None) -> None:
    """Says more of the present request: whose it is, what it was for."""
    if tracer() is None:
        return
    from opentelemetry.trace import get_current_span  # noqa: PLC0415 - only where it is wanted

    given = {f"quantumlayer.{name}": value for name, value in attributes.items()}
    get_current_span().set_attributes({key: one for key, one in given.items() if one is not None})


@contextmanager
def _span(made_by: "Tracer", request: Request, reply: Reply) -> Iterator[None]:
    from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415 - only where it is wanted
    from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 - as above
        TraceContextTextMapPropagator,
    )

    named = {name: request.header(name.encode()) for name in _PARENT}
    parent = {name: value for name, value in named.items() if value is not None}
    route = _route(request.path)
    with made_by.start_as_current_span(
        request.method if route is None else f"{request.method} {route}",
        context=TraceContextTextMapPropagator().extract(parent),
        kind=SpanKind.SERVER,
        attributes={
            "http.request.method": request.method,
            "url.path": request.path,
            "url.scheme": request.scheme,
            "quantumlayer.request": str(request.id),
            **({} if route is None else {"http.route": route}),
        },
        # Words of an exception may quote what was asked.
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        yield
        if reply.status:
            span.set_attribute("http.response.status_code", reply.status)
        if reply.status >= 500:
            span.set_attribute("error.type", str(reply.status))
            span.set_status(StatusCode.ERROR)


def _route(path: str) -> str | None:
    """The path without names; None for one where nothing is."""
    if path in _ROUTES:
        return path
    return next((f"{begun}*" for begun in _BEGINNINGS if path.startswith(begun)), None)
