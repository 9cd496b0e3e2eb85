"""Answers of the Responses API, written of a reply's pieces."""

import json
from typing import Any

import pytest
from openai import AsyncOpenAI
from openai.types.responses import Response

from quantumlayer.gateway.http import GatewayError
from quantumlayer.router.deltas import Finished, FinishReason, RefusalDelta, TextDelta
from tests.support.dialect_parts import COUNTED, REPLY, cut, documents, events, played, writer


def test_items_follow_each_other_in_the_formats_order() -> None:
    ours = writer("openai_responses", stream=True)
    stream = ours.written([TextDelta("a"), TextDelta("b"), Finished("stop"), COUNTED]) + ours.end()
    given = documents(stream)
    assert [name for name, _ in events(stream)] == [each["type"] for each in given]
    assert [each["type"] for each in given] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [each["sequence_number"] for each in given] == list(range(10))
    assert given[6]["text"] == "ab"


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_any_cut_of_a_reply_gives_the_same_document(size: int) -> None:
    ours, other = (writer("openai_responses", stream=False) for _ in range(2))
    said = ours.written(REPLY) + b"".join(other.written([delta]) for delta in cut(REPLY, size))
    known, found = json.loads(ours.whole()), json.loads(other.whole())
    assert said == b""
    assert {**known, "created_at": 0} == {**found, "created_at": 0}


def test_the_stream_ends_with_the_document_that_others_get_whole() -> None:
    ours, other = writer("openai_responses", stream=True), writer("openai_responses", stream=False)
    last = documents(ours.written(REPLY) + ours.end())[-1]["response"]
    other.written(REPLY)
    assert {**last, "created_at": 0} == {**json.loads(other.whole()), "created_at": 0}


def test_a_thought_with_its_proof_can_be_given_back() -> None:
    ours = writer("openai_responses", stream=False)
    ours.written(REPLY)
    thought = json.loads(ours.whole())["output"][0]
    assert thought["type"] == "reasoning"
    assert thought["summary"] == [{"type": "summary_text", "text": "Which city?"}]
    assert thought["encrypted_content"] == "proof"


@pytest.mark.parametrize(
    ("reason", "said"), [("length", "max_output_tokens"), ("content_filter", "content_filter")]
)
def test_an_answer_that_was_cut_is_incomplete_and_says_why(reason: FinishReason, said: str) -> None:
    ours = writer("openai_responses", stream=True)
    given = documents(ours.written([TextDelta("a"), Finished(reason)]) + ours.end())
    assert given[-1]["type"] == "response.incomplete"
    assert given[-1]["response"]["incomplete_details"] == {"reason": said}
    assert given[-1]["response"]["output"][-1]["status"] == "incomplete"


def test_a_refusal_is_a_part_of_its_own() -> None:
    ours = writer("openai_responses", stream=False)
    ours.written([RefusalDelta("I will not."), Finished("refusal")])
    message = json.loads(ours.whole())["output"][0]
    assert message["content"] == [{"type": "refusal", "refusal": "I will not."}]


async def test_openais_client_reads_the_stream() -> None:
    ours = writer("openai_responses", stream=True)
    answer = ours.written(REPLY) + ours.end()
    async with (
        played(answer, stream=True) as url,
        _client(url) as client,
        client.responses.stream(model="ours", input="Hi") as stream,
    ):
        _has_the_reply(await stream.get_final_response())


async def test_openais_client_reads_the_document() -> None:
    ours = writer("openai_responses", stream=False)
    ours.written(REPLY)
    async with played(ours.whole(), stream=False) as url, _client(url) as client:
        _has_the_reply(await client.responses.create(model="ours", input="Hi"))


async def test_openais_client_reads_what_broke_a_stream() -> None:
    ours = writer("openai_responses", stream=True)
    answer = ours.written(REPLY[:6]) + ours.failed(GatewayError("timed_out", "took too long"))
    async with played(answer, stream=True) as url, _client(url) as client:
        stream = await client.responses.create(model="ours", input="Hi", stream=True)
        *_, last = [each async for each in stream]
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert last.response.error.message == "took too long"


def _client(url: str) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=url, api_key="key", max_retries=0)


def _has_the_reply(read: Response) -> None:
    final: Any = read.to_dict()
    assert read.output_text == "Let me look: ü"
    calls = [each for each in final["output"] if each["type"] == "function_call"]
    assert [(each["call_id"], json.loads(each["arguments"])["city"]) for each in calls] == [
        ("call_a", "Ulm"),
        ("call_b", "Bonn"),
    ]
    assert (final["model"], final["status"]) == ("ours", "completed")
    usage = final["usage"]
    assert (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]) == (30, 12, 42)
    assert usage["input_tokens_details"]["cached_tokens"] == 20
    assert usage["output_tokens_details"]["reasoning_tokens"] == 5
