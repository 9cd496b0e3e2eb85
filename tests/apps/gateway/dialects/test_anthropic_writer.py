"""Answers in Anthropic's format: handed on word for word, or written of a reply's pieces."""

import json
from typing import Any

import pytest
from anthropic import APIError, AsyncAnthropic
from anthropic.types import Message

from quantumlayer.gateway.http import GatewayError
from quantumlayer.router.deltas import (
    Delta,
    Finished,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
)
from quantumlayer.router.wires.anthropic_reader import AnthropicReader
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


def begun(index: int, block: dict[str, Any]) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def piece(index: int, kind: str, **said: object) -> dict[str, Any]:
    delta = {"type": kind, **said}
    return {"type": "content_block_delta", "index": index, "delta": delta}


START = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-of-theirs",
        "content": [],
        "stop_reason": None,
        "news": 1,
        "usage": {"input_tokens": 6, "cache_read_input_tokens": 20, "output_tokens": 1},
    },
}
STREAM = sent(
    START,
    begun(0, {"type": "text", "text": ""}),
    {"type": "ping"},
    piece(0, "text_delta", text="Hello\n"),
    piece(0, "text_delta", text="ü"),
    piece(0, "citations_delta", citation={"cited_text": "x"}),
    {"type": "content_block_stop", "index": 0},
    begun(1, {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}),
    piece(1, "input_json_delta", partial_json='{"city":'),
    piece(1, "input_json_delta", partial_json='"Ulm"}'),
    {"type": "content_block_stop", "index": 1},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}},
    {"type": "message_stop"},
)


def reader() -> AnthropicReader:
    return AnthropicReader(tools_offered=True)


def test_a_providers_events_are_handed_on_word_for_word_but_for_the_models_name() -> None:
    ours = writer("anthropic_messages", stream=True)
    given = events(handed_on(ours, reader(), STREAM) + ours.end())
    assert given == [(name, data.replace("claude-of-theirs", "ours")) for name, data in STREAM]


def test_one_document_keeps_what_the_events_held() -> None:
    ours = writer("anthropic_messages", stream=False)
    assert handed_on(ours, reader(), STREAM) == b""
    whole = json.loads(ours.whole())
    assert whole["content"] == [
        {"type": "text", "text": "Hello\nü", "citations": [{"cited_text": "x"}]},
        {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Ulm"}},
    ]
    assert (whole["model"], whole["news"], whole["stop_reason"]) == ("ours", 1, "tool_use")
    assert whole["usage"] == {
        "input_tokens": 6,
        "cache_read_input_tokens": 20,
        "output_tokens": 9,
    }


def test_nothing_is_given_before_something_is_said() -> None:
    ours = writer("anthropic_messages", stream=True)
    assert handed_on(ours, reader(), STREAM[:3]) == b""


def test_an_answer_that_another_provider_begins_anew_has_one_beginning() -> None:
    ours = writer("anthropic_messages", stream=True)
    said = handed_on(ours, reader(), STREAM[:3]) + handed_on(ours, reader(), STREAM) + ours.end()
    assert [name for name, _ in events(said)] == [name for name, _ in STREAM]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("already", [5, 6, 7])
def test_another_provider_goes_on_with_a_broken_answer(*, stream: bool, already: int) -> None:
    ours = writer("anthropic_messages", stream=stream)
    said = handed_on(ours, reader(), STREAM[:already])
    said += ours.written([TextDelta(" and on"), Finished("length"), COUNTED])
    if not stream:
        whole = json.loads(ours.whole())
        text = "".join(block["text"] for block in whole["content"])
        assert (text, whole["stop_reason"]) == ("Hello\nü and on", "max_tokens")
        return
    given = documents(said + ours.end())
    assert _well_formed(given)
    pieces = [each["delta"] for each in given if each["type"] == "content_block_delta"]
    assert "".join(each.get("text", "") for each in pieces) == "Hello\nü and on"
    assert given[-2]["delta"]["stop_reason"] == "max_tokens"


def test_the_end_is_withheld_so_that_another_provider_can_still_go_on() -> None:
    ours = writer("anthropic_messages", stream=True)
    ended = STREAM[:7] + STREAM[-2:-1]
    said = handed_on(ours, reader(), ended)
    said += ours.written([TextDelta("more"), Finished("stop")]) + ours.end()
    assert _well_formed(documents(said))


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_any_cut_of_a_reply_gives_the_same_document(size: int) -> None:
    ours, other = (writer("anthropic_messages", stream=False) for _ in range(2))
    ours.written(REPLY)
    for delta in cut(REPLY, size):
        other.written([delta])
    assert json.loads(ours.whole()) == json.loads(other.whole())


def test_blocks_follow_each_other_with_thoughts_proofs_and_calls() -> None:
    ours = writer("anthropic_messages", stream=True)
    given = documents(ours.written([ReasoningDelta(sealed="opaque"), *REPLY]) + ours.end())
    assert _well_formed(given)
    kinds = [each["content_block"]["type"] for each in given if "content_block" in each]
    assert kinds == ["redacted_thinking", "thinking", "text", "tool_use", "tool_use"]
    assert piece(1, "signature_delta", signature="proof") in given


def test_pieces_of_calls_that_come_mixed_are_put_in_order() -> None:
    ours = writer("anthropic_messages", stream=True)
    mixed: list[Delta] = [
        ToolCallDelta(0, "a", "one"),
        ToolCallDelta(1, "b", "two"),
        ToolCallDelta(0, arguments='{"x":'),
        TextDelta("words between"),
        ToolCallDelta(1, arguments='{"y":2}'),
        ToolCallDelta(0, arguments="1}"),
        Finished("tool_calls"),
    ]
    given = documents(ours.written(mixed) + ours.end())
    assert _well_formed(given)
    arguments: dict[int, str] = {}
    for each in given:
        more = each.get("delta", {}).get("partial_json", "")
        arguments[each.get("index", 0)] = arguments.get(each.get("index", 0), "") + more
    assert arguments == {0: '{"x":1}', 1: "", 2: '{"y":2}'}


def test_a_refusal_is_said_in_its_own_words() -> None:
    ours = writer("anthropic_messages", stream=False)
    ours.written([RefusalDelta("I will not."), Finished("refusal")])
    whole = json.loads(ours.whole())
    assert whole["content"] == [{"type": "text", "text": "I will not."}]
    assert whole["stop_reason"] == "refusal"


async def test_anthropics_client_reads_the_stream() -> None:
    ours = writer("anthropic_messages", stream=True)
    answer = ours.written(REPLY) + ours.end()
    async with played(answer, stream=True) as url, _client(url) as client:
        asking = client.messages.stream(model="ours", max_tokens=9, messages=[])
        async with asking as stream:
            _has_the_reply(await stream.get_final_message())


async def test_anthropics_client_reads_the_document() -> None:
    ours = writer("anthropic_messages", stream=False)
    ours.written(REPLY)
    async with played(ours.whole(), stream=False) as url, _client(url) as client:
        _has_the_reply(await client.messages.create(model="ours", max_tokens=9, messages=[]))


async def test_anthropics_client_reads_what_broke_a_stream() -> None:
    ours = writer("anthropic_messages", stream=True)
    answer = ours.written(REPLY[:6]) + ours.failed(GatewayError("timed_out", "took too long"))
    async with played(answer, stream=True) as url, _client(url) as client:
        stream = await client.messages.create(model="m", max_tokens=9, messages=[], stream=True)
        with pytest.raises(APIError, match="took too long"):
            _ = [each async for each in stream]


def _client(url: str) -> AsyncAnthropic:
    return AsyncAnthropic(base_url=url, api_key="key", max_retries=0)


def _has_the_reply(read: Message) -> None:
    final: Any = read.to_dict()
    thought, words, first, second = final["content"]
    assert (thought["thinking"], thought["signature"]) == ("Which city?", "proof")
    assert words["text"] == "Let me look: ü"
    assert (first["id"], first["input"]) == ("call_a", {"city": "Ulm"})
    assert (second["name"], second["input"]) == ("weather", {"city": "Bonn"})
    assert (final["model"], final["stop_reason"]) == ("ours", "tool_use")
    usage = final["usage"]
    assert (usage["input_tokens"], usage["output_tokens"]) == (6, 12)
    assert (usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]) == (20, 4)


def _well_formed(given: list[dict[str, Any]]) -> bool:
    """Whether one block is open at a time, numbered in order, inside of one message."""
    names = [each["type"] for each in given if each["type"] != "ping"]
    assert (names[0], names[-2:]) == ("message_start", ["message_delta", "message_stop"])
    assert names.count("message_start") == names.count("message_delta") == 1
    opened, ended = None, 0
    for each in given:
        match each["type"]:
            case "content_block_start":
                assert (opened, each["index"]) == (None, ended)
                opened = each["index"]
            case "content_block_delta":
                assert each["index"] == opened
            case "content_block_stop":
                assert each["index"] == opened
                opened, ended = None, ended + 1
    return opened is None
