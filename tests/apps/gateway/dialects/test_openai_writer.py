"""Answers in OpenAI's chat format: handed on word for word, or written of a reply's pieces."""

import json
from typing import Any

import pytest
from openai import APIError, AsyncOpenAI
from openai.types.chat import ChatCompletion

from quantumlayer.gateway.http import GatewayError
from quantumlayer.router.deltas import Finished, ReasoningDelta, TextDelta
from quantumlayer.router.wires.openai_reader import OpenAIReader
from tests.support.dialect_parts import (
    COUNTED,
    REPLY,
    cut,
    documents,
    events,
    handed_on,
    played,
    sent,
    writer,
)

USAGE = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
WANTED = {"stream_options": {"include_usage": True}}
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]
DONE = (None, "[DONE]")


def chunk(
    delta: dict[str, Any] | None = None, reason: str | None = None, **more: object
) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": reason}]
    return {"id": "theirs", "created": 5, "model": "gpt-of-theirs", "choices": choices, **more}


STREAM = [
    *sent(
        chunk({"role": "assistant", "content": ""}, system_fingerprint="fp"),
        chunk({"content": 'a "model":"gpt-of-theirs" '}),
        chunk({"content": "b\nü"}),
        chunk({}, "stop"),
        chunk(usage=USAGE),
    ),
    DONE,
]


def reader() -> OpenAIReader:
    return OpenAIReader(tools_offered=True)


def test_a_providers_chunks_are_handed_on_word_for_word_but_for_the_models_name() -> None:
    ours = writer("openai_chat", stream=True, **WANTED)
    given = events(handed_on(ours, reader(), STREAM) + ours.end())
    theirs = [data.replace(',"model":"gpt-of-theirs"', ',"model":"ours"') for _, data in STREAM]
    assert [data for _, data in given] == theirs


def test_counts_that_nobody_asked_for_are_withheld() -> None:
    ours = writer("openai_chat", stream=True)
    given = documents(handed_on(ours, reader(), STREAM) + ours.end())
    assert all(each["choices"] for each in given)
    assert given[-1]["choices"][0]["finish_reason"] == "stop"


def test_nothing_is_given_before_something_is_said() -> None:
    ours = writer("openai_chat", stream=True)
    assert handed_on(ours, reader(), STREAM[:1]) == b""


def test_an_answer_that_another_provider_begins_anew_has_one_beginning() -> None:
    ours = writer("openai_chat", stream=True)
    handed_on(ours, reader(), STREAM[:1])
    given = documents(handed_on(ours, reader(), STREAM) + ours.end())
    assert [each["choices"][0]["delta"].get("role") for each in given] == [
        "assistant",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("stream", [True, False])
def test_another_provider_goes_on_with_a_broken_answer(stream: bool) -> None:
    ours = writer("openai_chat", stream=stream)
    said = handed_on(ours, reader(), STREAM[:2])
    said += ours.written([TextDelta("and on"), Finished("length"), COUNTED])
    if stream:
        given = documents(said + ours.end())
        assert {each["id"] for each in given} == {"theirs"}
        assert {each["model"] for each in given} == {"ours"}
        text = "".join(each["choices"][0]["delta"].get("content", "") for each in given)
        choice = given[-1]["choices"][0]
    else:
        assert said == b""
        document = json.loads(ours.whole())
        choice = document["choices"][0]
        text = choice["message"]["content"]
    assert text == 'a "model":"gpt-of-theirs" and on'
    assert choice["finish_reason"] == "length"


def test_thoughts_of_a_first_provider_are_followed_by_the_seconds_words_without_a_new_role() -> (
    None
):
    ours = writer("openai_chat", stream=True)
    said = handed_on(ours, reader(), sent(chunk({"role": "assistant", "reasoning_content": "hm"})))
    said += handed_on(ours, reader(), STREAM)
    roles = [each["choices"][0]["delta"].get("role") for each in documents(said)]
    assert roles.count("assistant") == 1


def test_one_document_keeps_choices_probabilities_and_fields_that_nobody_knows() -> None:
    def piece(index: int, text: str) -> dict[str, Any]:
        token = {"content": [{"token": text, "logprob": -0.1}]}
        return {"index": index, "delta": {"content": text}, "logprobs": token}

    ours = writer("openai_chat", stream=False, n=2, logprobs=True)
    pieces = [chunk() | {"choices": [piece(n, text)]} for n, text in ((1, "x"), (0, "a"), (1, "y"))]
    ends = [
        chunk() | {"choices": [{"index": n, "delta": {}, "finish_reason": "stop"}]} for n in (0, 1)
    ]
    said = handed_on(
        ours, reader(), [*sent(*pieces, *ends, chunk(usage=USAGE, news={"a": 1})), DONE]
    )
    whole = json.loads(ours.whole())
    assert said == b""
    assert [each["message"]["content"] for each in whole["choices"]] == ["a", "xy"]
    assert [each["token"] for each in whole["choices"][1]["logprobs"]["content"]] == ["x", "y"]
    assert (whole["news"], whole["usage"]) == ({"a": 1}, USAGE)
    assert (whole["object"], whole["model"], whole["id"]) == ("chat.completion", "ours", "theirs")


def test_calls_of_a_server_that_numbers_none_are_told_apart_in_the_document() -> None:
    def call(arguments: str, **named: str) -> dict[str, Any]:
        function = {"arguments": arguments} | ({"name": "weather"} if named else {})
        return chunk({"tool_calls": [{**named, "function": function}]})

    ours = writer("openai_chat", stream=False, tools=TOOLS)
    pieces = [call('{"a"', id="x"), call(":1}"), call('{"b":2}', id="y"), chunk({}, "tool_calls")]
    handed_on(ours, reader(), [*sent(*pieces), DONE])
    calls = json.loads(ours.whole())["choices"][0]["message"]["tool_calls"]
    assert [(each["id"], each["function"]["arguments"]) for each in calls] == [
        ("x", '{"a":1}'),
        ("y", '{"b":2}'),
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_any_cut_of_a_reply_gives_the_same_document(size: int) -> None:
    ours, other = (writer("openai_chat", stream=False, tools=TOOLS) for _ in range(2))
    ours.written(REPLY)
    for delta in cut(REPLY, size):
        other.written([delta])
    known, found = json.loads(ours.whole()), json.loads(other.whole())
    assert {**known, "created": 0} == {**found, "created": 0}


def test_pieces_of_a_reply_are_written_in_the_formats_order() -> None:
    ours = writer("openai_chat", stream=True, **WANTED)
    stream = ours.written(REPLY) + ours.end()
    first, *_, finish, counts = documents(stream)
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert finish["choices"][0]["finish_reason"] == "tool_calls"
    assert (counts["choices"], counts["usage"]["total_tokens"]) == ([], 42)
    assert stream.endswith(b"data: [DONE]\n\n")


def test_a_thought_with_its_proof_can_be_given_back() -> None:
    ours = writer("openai_chat", stream=False)
    ours.written([*REPLY, ReasoningDelta(sealed="opaque")])
    message = json.loads(ours.whole())["choices"][0]["message"]
    assert message["reasoning_content"] == "Which city?"
    assert message["thinking_blocks"] == [
        {"type": "thinking", "thinking": "Which city?", "signature": "proof"},
        {"type": "redacted_thinking", "data": "opaque"},
    ]


async def test_openais_client_reads_the_stream() -> None:
    ours = writer("openai_chat", stream=True, **WANTED)
    answer = ours.written(REPLY) + ours.end()
    async with played(answer, stream=True) as url, _client(url) as client:
        asking = client.chat.completions.stream(
            model="ours", messages=[], stream_options={"include_usage": True}
        )
        async with asking as stream:
            final = await stream.get_final_completion()
    _has_the_reply(final)


async def test_openais_client_reads_the_document() -> None:
    ours = writer("openai_chat", stream=False)
    ours.written(REPLY)
    async with played(ours.whole(), stream=False) as url, _client(url) as client:
        _has_the_reply(await client.chat.completions.create(model="ours", messages=[]))


async def test_openais_client_reads_what_broke_a_stream() -> None:
    ours = writer("openai_chat", stream=True)
    answer = ours.written(REPLY[:6]) + ours.failed(GatewayError("timed_out", "took too long"))
    async with played(answer, stream=True) as url, _client(url) as client:
        stream = await client.chat.completions.create(model="ours", messages=[], stream=True)
        with pytest.raises(APIError, match="took too long"):
            _ = [each async for each in stream]


def _client(url: str) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=url, api_key="key", max_retries=0)


def _has_the_reply(read: ChatCompletion) -> None:
    final: Any = read.to_dict()
    choice = final["choices"][0]
    calls = [(call["id"], call["function"]) for call in choice["message"]["tool_calls"]]
    usage = final["usage"]
    assert choice["message"]["content"] == "Let me look: ü"
    assert [(name, each["name"], each["arguments"]) for name, each in calls] == [
        ("call_a", "weather", '{"city": "Ulm"}'),
        ("call_b", "weather", '{"city": "Bonn"}'),
    ]
    assert (final["model"], choice["finish_reason"]) == ("ours", "tool_calls")
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (30, 12)
    assert usage["prompt_tokens_details"]["cached_tokens"] == 20
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 5
