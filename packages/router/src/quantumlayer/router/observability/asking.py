"""The span of one call of a provider, by the conventions for generative AI.

The names are those of https://opentelemetry.io/docs/specs/semconv/gen-ai/ as of November 2026; they
are not stable yet, so all of them stand in this module.
"""

import asyncio
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self
from urllib.parse import urlsplit

from quantumlayer.router.errors import RouterError
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.observability.switch import tracer

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer
    from opentelemetry.util.types import AttributeValue

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked what for; `url` is the provider's base URL, None where it has none."""

    operation: Literal["chat", "embeddings"]
    provider: str
    model: str
    url: str | None = None


class CallSpan(Protocol):
    """Lasts from the question to the end of the reply; what leaves the block ends it."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Names this call to the provider (W3C Trace Context); empty while nothing is traced."""
        ...

    def first_token(self) -> None:
        """The first piece of the reply has come."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def asking(asked: Asking, received: Gathered) -> CallSpan:
    """The span of a call that begins now, within the present one.

    What the reply said is read from `received` in the end.
    """
    found = tracer()
    return _UNTRACED if found is None else _Traced(found, asked, received)


class _Untraced:
    """What stands for all spans while nothing is traced."""

    headers: Mapping[str, str] = {}

    def first_token(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ended: object) -> None:
        pass


_UNTRACED = _Untraced()


class _Traced:
    # It is never the current span: a reply is read by generators, which may be closed by another
    # task than began them, and what is current belongs to a task.

    def __init__(self, made_by: "Tracer", asked: Asking, received: Gathered) -> None:
        from opentelemetry.trace import SpanKind, set_span_in_context  # noqa: PLC0415 - see switch
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 - see switch
            TraceContextTextMapPropagator,
        )

        self._begun = time.perf_counter()
        self._first_token: float | None = None
        self._received = received
        self._span = made_by.start_span(
            f"{asked.operation} {asked.model}",
            kind=SpanKind.CLIENT,
            attributes=_of_question(asked),
        )
        self.headers: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(self.headers, set_span_in_context(self._span))

    def first_token(self) -> None:
        if self._first_token is None:
            self._first_token = time.perf_counter() - self._begun

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - see switch

        self._span.set_attributes(_of_reply(self._received))
        if self._first_token is not None:
            self._span.set_attribute("gen_ai.response.time_to_first_chunk", self._first_token)
        # What breaks behind an answer's end is no matter.
        if error is not None and self._received.finished is None:
            self._span.set_attribute("error.type", _kind_of(error))
            # Without a description: providers quote what they were asked.
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


def _of_question(asked: Asking) -> "dict[str, AttributeValue]":
    found: dict[str, AttributeValue] = {
        "gen_ai.operation.name": asked.operation,
        "gen_ai.provider.name": _provider_names().get(asked.provider, asked.provider),
        "gen_ai.request.model": asked.model,
    }
    if asked.operation == "chat":
        found["gen_ai.request.stream"] = True
    return found | _of_server(asked.url)


@cache
def _of_server(url: str | None) -> "dict[str, AttributeValue]":
    parts = urlsplit(url or "")
    port = parts.port or _PORTS.get(parts.scheme)
    if parts.hostname is None or port is None:
        return {}
    return {"server.address": parts.hostname, "server.port": port}


def _of_reply(received: Gathered) -> "dict[str, AttributeValue]":
    usage, finished = received.usage, received.finished
    told: dict[str, AttributeValue | None] = {
        "gen_ai.response.id": received.id,
        "gen_ai.response.model": received.model,
        "gen_ai.response.finish_reasons": None if finished is None else (finished.reason,),
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
        "gen_ai.usage.cache_write.input_tokens": usage.cache_written_tokens,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
    }
    return {name: value for name, value in told.items() if value is not None}


def _kind_of(error: BaseException) -> str:
    """The provider's status, else what kind of failure it is: few values, no contents."""
    if isinstance(error, asyncio.CancelledError | GeneratorExit):
        return "cancelled"
    if isinstance(error, RouterError) and error.status is not None:
        return str(error.status)
    return type(error).__name__


@cache
def _provider_names() -> Mapping[str, str]:
    return tomllib.loads((files(__package__) / "provider_names.toml").read_text(encoding="utf-8"))
