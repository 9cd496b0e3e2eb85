"""Calls of the router in process have the spans that the gateway's have."""

from collections.abc import AsyncIterator

import pytest

from quantumlayer.router import BadRequest, ProviderRequest
from quantumlayer.router.deltas import Finished, TextDelta
from quantumlayer.router.messages import Message
from quantumlayer.router.observability import exported
from quantumlayer.router.providers import ExternalModels, ModelEndpoint
from quantumlayer.router.recordings.tapes import name_of
from tests.support.model_server import ErrorReply, ModelServer, TextReply
from tests.support.otlp_collector import Collector, otlp_collector


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with otlp_collector() as collector:
        yield collector


def request() -> ProviderRequest:
    return ProviderRequest(
        task="task",
        model="openai/m",
        messages=(Message(role="user", content="Say hello"),),
        input={},
        json_schema=None,
        max_output_tokens=100,
        timeout_seconds=20,
    )


async def test_a_call_is_a_span_and_its_provider_is_told_which(collector: Collector) -> None:
    async with ModelServer([TextReply(content="Hello")]) as server:
        provider = ExternalModels(ModelEndpoint(base_url=server.base_url)).provider("openai/m")
        async with exported("tests", collector.url):
            pieces = [piece async for piece in provider.stream(request())]
        [asked] = server.requests
    assert TextDelta("Hello") in pieces
    assert any(isinstance(piece, Finished) for piece in pieces)
    [span] = collector.spans
    assert (span.name, span.kind, span.service) == ("chat openai/m", "client", "tests")
    assert asked.headers["traceparent"].startswith(f"00-{span.trace}-{span.id}-")
    assert span.attributes["gen_ai.provider.name"] == "openai"
    assert span.attributes["gen_ai.usage.input_tokens"] == 11
    assert span.attributes["server.address"] == "127.0.0.1"
    assert not span.failed


async def test_a_refusal_is_told_by_its_status_and_not_by_its_words(collector: Collector) -> None:
    async with ModelServer([ErrorReply(status=400)]) as server:
        provider = ExternalModels(ModelEndpoint(base_url=server.base_url)).provider("openai/m")
        async with exported("tests", collector.url):
            with pytest.raises(BadRequest):
                async for _ in provider.stream(request()):
                    pass
    [span] = collector.spans
    assert (span.failed, span.said, span.attributes["error.type"]) == (True, "", "400")


async def test_who_traces_nothing_sends_nothing_of_it(collector: Collector) -> None:
    async with ModelServer([TextReply(content="Hello")]) as server:
        provider = ExternalModels(ModelEndpoint(base_url=server.base_url)).provider("openai/m")
        assert [piece async for piece in provider.stream(request())]
        [asked] = server.requests
    assert "traceparent" not in asked.headers
    assert collector.spans == []


def test_the_trace_of_a_question_is_no_part_of_it() -> None:
    named = request().model_copy(update={"trace": {"traceparent": "00-1-2-01"}})
    assert name_of(named) == name_of(request())
