"""A model over real HTTP: what is sent, what is learned, and which trouble is which."""

import asyncio
import contextlib
import json
from typing import Any

import pytest

from quantumlayer.router import (
    AuthenticationFailed,
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RouterError,
    Timeout,
)
from quantumlayer.router.deltas import Alive, TextDelta
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.endpoints import Endpoint
from quantumlayer.router.providers.http_provider import HttpProvider
from quantumlayer.router.transport.targets import Target
from quantumlayer.router.wires import WIRES, Wire
from tests.support.model_server import (
    DroppedReply,
    ErrorReply,
    JsonReply,
    ModelServer,
    RawReply,
    Reply,
    TextReply,
)
from tests.support.provider_parts import KEY, SCHEMA, answer, asked, pieces, provider_at
from tests.support.raw_server import Answer, raw_server, streamed, whole

NOT_JSON = RawReply(content_type="application/json", body="<oops>")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (ErrorReply(status=401, message=f"Incorrect API key: {KEY}"), AuthenticationFailed),
        (ErrorReply(status=403), AuthenticationFailed),
        (ErrorReply(status=404, message="no such model"), BadRequest),
        (ErrorReply(status=400, message="unknown parameter"), BadRequest),
        (ErrorReply(status=422), BadRequest),
        (ErrorReply(status=400, code="context_length_exceeded"), ContextTooLong),
        (ErrorReply(status=400, code="content_filter"), ContentFiltered),
        (ErrorReply(status=429), RateLimited),
        (ErrorReply(status=429, code="insufficient_quota"), QuotaExhausted),
        (ErrorReply(status=500), ProviderUnavailable),
        (ErrorReply(status=503), ProviderUnavailable),
        (DroppedReply(after_bytes=0), ProviderUnavailable),
        (DroppedReply(after_bytes=60), ProviderUnavailable),
        (RawReply(), ProviderUnavailable),
        (NOT_JSON, ProviderUnavailable),
        (RawReply(content_type="application/json", body="{}"), ProviderUnavailable),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else value.kind,
)
async def test_each_failure_is_an_error_of_its_kind_and_is_asked_once(
    reply: Reply, expected: type[RouterError]
) -> None:
    async with ModelServer([reply, TextReply(content="{}", times=None)]) as server:
        with pytest.raises(RouterError) as caught:
            await pieces(provider_at(server.base_url))

    assert type(caught.value) is expected
    assert KEY not in str(caught.value)
    assert len(server.requests) == 1, "the router counts every call"


async def test_the_key_is_not_told_by_an_error_inside_of_a_stream() -> None:
    event = b'data: {"error": {"message": "cannot use ' + KEY.encode() + b'"}}\n\n'
    async with raw_server(streamed(event)) as server:
        with pytest.raises(ProviderUnavailable, match=r"cannot use \[key\]"):
            await pieces(provider_at(server.url))


async def test_a_slow_reply_ends_at_the_time_limit() -> None:
    async with ModelServer([TextReply(content="{}", delay_seconds=30)]) as server:
        with pytest.raises(Timeout, match="not complete after"):
            await pieces(provider_at(server.base_url), asked(seconds=0.3))


async def test_silence_ends_a_reply_and_what_was_said_stays() -> None:
    event = b'data: {"choices": [{"index": 0, "delta": {"content": "One"}}]}\n\n'
    ping: list[bytes | float] = [b": ping\n\n", 0.05]
    async with raw_server(streamed(event, *ping * 200, hold=True)) as server:
        said = []
        with pytest.raises(Timeout, match="fell silent"):
            async for delta in provider_at(server.url).stream(asked(silence_seconds=0.5)):
                said.append(delta)  # noqa: PERF401 - what came before the error is what counts
        async with asyncio.timeout(10):
            await server.hung_up.wait()
    assert TextDelta("One") in said
    assert Alive() in said


async def test_cancelling_stops_the_providers_call() -> None:
    async with raw_server(streamed(b": ping\n\n", hold=True)) as server:
        call = asyncio.create_task(answer(provider_at(server.url)))
        await server.asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(10):
            await server.hung_up.wait()


async def test_who_stops_reading_stops_the_providers_call() -> None:
    event = b'data: {"choices": [{"index": 0, "delta": {"content": "One"}}]}\n\n'
    async with raw_server(streamed(event, hold=True)) as server:
        reply = provider_at(server.url).stream(asked())
        await anext(reply)
        await reply.aclose()  # type: ignore[attr-defined] # the protocol promises an iterator only
        async with asyncio.timeout(10):
            await server.hung_up.wait()


async def test_a_stream_that_ends_politely_but_too_early_is_broken() -> None:
    event = b'data: {"choices": [{"index": 0, "delta": {"content": "One"}}]}\n\n'
    async with raw_server(streamed(event)) as server:
        with pytest.raises(ProviderUnavailable, match="before the model was finished"):
            await pieces(provider_at(server.url))


async def test_one_document_is_read_though_a_stream_was_asked_for() -> None:
    body = {
        "model": "scripted-1",
        "choices": [{"message": {"content": "One"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2},
    }
    async with raw_server(whole(json.dumps(body).encode())) as server:
        reply = await answer(provider_at(server.url))
    assert (reply.text, reply.model, reply.usage.input_tokens) == ("One", "scripted-1", 3)
    assert reply.finished is not None


async def test_a_model_without_native_support_reads_the_schema_in_its_prompt() -> None:
    async with ModelServer([JsonReply(value={"a": 1})]) as server:
        reply = await answer(provider_at(server.base_url))

    (request,) = server.requests
    assert request.body["model"] == "scripted"
    assert "response_format" not in request.body
    assert request.body["max_tokens"] == 64
    assert request.body["stream"] is True
    assert request.messages[0]["content"].startswith("Be brief.")
    assert '"required":["a"]' in request.messages[0]["content"]
    assert request.task == "count things"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(reply.text) == {"a": 1}
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (11, 7)


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
async def test_only_a_server_of_ones_own_is_told_the_task(wire: Wire) -> None:
    async with raw_server(streamed(b"data: [DONE]\n\n")) as server:
        target = Target("acme", server.url, "m", KEY)
        for own in (True, False):
            there = Endpoint("acme", target, wire, key_needed=True, lists_all=False, own=own)
            with contextlib.suppress(RouterError):
                await answer(HttpProvider(there, _unknown))
    told, untold = (head.lower() for head in server.heads)
    assert "x-ql-task: count things" in told
    assert "x-ql-task" not in untold


async def _unknown() -> Profile:
    return Profile()


@pytest.mark.parametrize(
    ("model", "wanted"), [("openai/gpt-4o-mini", "auto"), ("openai/scripted", "native")]
)
async def test_a_model_with_native_support_gets_the_schema_as_a_constraint(
    model: str, wanted: str
) -> None:
    async with ModelServer([JsonReply(value={"a": 1})]) as server:
        await answer(provider_at(server.base_url, model, structured_output=wanted))

    (request,) = server.requests
    assert request.messages == [{"role": "system", "content": "Be brief."}]
    assert request.body["response_format"]["json_schema"] == {
        "name": "count_things",
        "strict": True,
        "schema": {**SCHEMA, "additionalProperties": False},
    }


async def test_settings_win_over_the_family() -> None:
    own = {"openai/gpt-4o*": {"structured_output": "none", "output_cap": 10}}
    async with ModelServer([JsonReply(value={"a": 1})]) as server:
        await answer(provider_at(server.base_url, "openai/gpt-4o-mini", profiles=own))
    assert "response_format" not in server.requests[0].body
    assert server.requests[0].body["max_tokens"] == 10


def refusing(*names: str) -> Answer:
    """Refuses, one after the other, what is named; then answers."""
    choice = {"index": 0, "delta": {"content": "One"}, "finish_reason": "stop"}
    done = f"data: {json.dumps({'choices': [choice]})}\n\n".encode()
    refusals = iter(names)

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = next(refusals, None)
        words = {"error": {"message": f"Unsupported parameter: '{name}'", "param": name}}
        refused = whole(json.dumps(words).encode(), status="400 No")
        await (streamed(done) if name is None else refused)(reader, writer)

    return respond


async def test_what_is_refused_once_is_left_out_at_once_and_for_good() -> None:
    request = asked(temperature=0.5)
    async with raw_server(refusing("temperature", "stream_options")) as server:
        provider = provider_at(server.url)
        assert (await answer(provider, request)).text == "One"
        assert (await answer(provider, request)).text == "One"

    sent = [body.keys() & {"temperature", "stream_options"} for body in server.bodies]
    assert sent == [{"temperature", "stream_options"}, {"stream_options"}, set(), set()]


async def test_the_name_of_the_cap_is_swapped() -> None:
    async with raw_server(refusing("max_tokens")) as server:
        await answer(provider_at(server.url))
    caps = [_caps(body) for body in server.bodies]
    assert caps == [{"max_tokens": 64}, {"max_completion_tokens": 64}]


async def test_a_schema_that_is_refused_goes_into_the_prompt() -> None:
    async with raw_server(refusing("response_format")) as server:
        await answer(provider_at(server.url, structured_output="native"))
    assert ["response_format" in body for body in server.bodies] == [True, False]
    assert '"required":["a"]' in server.bodies[1]["messages"][0]["content"]


async def test_a_server_that_refuses_everything_is_not_asked_for_ever() -> None:
    async with raw_server(refusing(*["temperature"] * 100)) as server:
        with pytest.raises(BadRequest, match="temperature"):
            await answer(provider_at(server.url))
    assert len(server.bodies) == 2


async def test_many_calls_at_once_learn_together() -> None:
    def respond(body: dict[str, Any]) -> Reply | str:
        if "stream_options" in body:
            return ErrorReply(status=400, message="Unsupported parameter: 'stream_options'")
        return "One"

    async with ModelServer(respond) as server:
        provider = provider_at(server.base_url)
        replies = await asyncio.gather(*(answer(provider) for _ in range(8)))
        refused = [one for one in server.requests if "stream_options" in one.body]
    assert {reply.text for reply in replies} == {"One"}
    assert len(refused) <= 8


def _caps(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name.startswith("max_")}
