"""However a reply is split into events, it becomes the same."""

from dataclasses import dataclass
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tests.support.replies import Read, read_body, read_events

Cuts = st.lists(st.integers(0, 40), max_size=6)
Words = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
Json = st.recursive(
    st.integers(-(2**53), 2**53) | Words, lambda inner: st.dictionaries(Words, inner, max_size=3)
)


def _dumped(value: object) -> str:
    """As the readers write arguments that come as objects."""
    return orjson.dumps(value).decode()


@dataclass(frozen=True)
class Reply:
    """What a model says: a thought, words, calls of tools."""

    thought: str
    text: str
    calls: tuple[str, ...]
    cuts: list[int]

    def pieces(self, text: str) -> list[str]:
        """`text`, cut at the places of this reply; never nothing at all."""
        marks = sorted({cut for cut in self.cuts if 0 < cut < len(text)})
        return [text[a:b] for a, b in zip([0, *marks], [*marks, len(text)], strict=True)]


replies = st.builds(
    Reply,
    thought=Words,
    text=Words.filter(lambda text: text == "" or bool(text.strip())),
    calls=st.lists(st.dictionaries(Words, Json, max_size=3).map(_dumped), max_size=3).map(tuple),
    cuts=Cuts,
)


@given(reply=replies, offered=st.booleans(), indexed=st.booleans(), ids_repeated=st.booleans())
def test_openai_in_pieces_is_openai_whole(
    reply: Reply, *, offered: bool, indexed: bool, ids_repeated: bool
) -> None:
    whole = read_body("openai", _openai_body(reply), tools_offered=offered)

    events = _openai_events(reply, indexed=indexed, ids_repeated=ids_repeated)
    streamed = read_events("openai", events, tools_offered=offered)

    assert _said(streamed) == _said(whole)


@given(reply=replies, offered=st.booleans())
def test_anthropic_in_pieces_is_anthropic_whole(reply: Reply, *, offered: bool) -> None:
    whole = read_body("anthropic", _anthropic_body(reply), tools_offered=offered)

    streamed = read_events("anthropic", _anthropic_events(reply), tools_offered=offered)

    assert _said(streamed) == _said(whole)


@given(reply=replies)
def test_both_formats_say_the_same_without_tools(reply: Reply) -> None:
    openai = read_body("openai", _openai_body(reply), tools_offered=False)
    anthropic = read_body("anthropic", _anthropic_body(reply), tools_offered=False)

    assert openai.gathered.text == anthropic.gathered.text


def _said(seen: Read) -> tuple[object, ...]:
    gathered = seen.gathered
    return (
        gathered.text,
        "".join(thought.text for thought in gathered.reasoning),
        gathered.tool_calls,
        gathered.finished,
        gathered.usage,
        seen.error,
    )


def _openai_body(reply: Reply) -> dict[str, Any]:
    calls = [
        {"id": f"c{n}", "type": "function", "function": {"name": "f", "arguments": arguments}}
        for n, arguments in enumerate(reply.calls)
    ]
    message = {"content": reply.text, "reasoning_content": reply.thought, "tool_calls": calls}
    choice = {"index": 0, "message": message, "finish_reason": _finish(reply)}
    return {"choices": [choice], "usage": {"prompt_tokens": 5, "completion_tokens": 6}}


def _openai_events(reply: Reply, *, indexed: bool, ids_repeated: bool) -> list[Any]:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"reasoning_content": piece} for piece in reply.pieces(reply.thought)]
    deltas += [{"content": piece} for piece in reply.pieces(reply.text)]
    for place, arguments in enumerate(reply.calls):
        for number, piece in enumerate(reply.pieces(arguments)):
            function: dict[str, Any] = {"arguments": piece}
            call: dict[str, Any] = {"function": function}
            if number == 0 or ids_repeated:
                call["id"], function["name"] = f"c{place}", "f"
            if indexed:
                call["index"] = place
            deltas.append({"tool_calls": [call]})
    choices: list[dict[str, Any]] = [
        {"index": 0, "delta": delta, "finish_reason": None} for delta in deltas
    ]
    choices.append({"index": 0, "delta": {}, "finish_reason": _finish(reply)})
    counted = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 6}}
    return [*({"choices": [choice]} for choice in choices), counted, "[DONE]"]


def _finish(reply: Reply) -> str:
    return "tool_calls" if reply.calls else "stop"


def _anthropic_body(reply: Reply) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [{"type": "thinking", "thinking": reply.thought}]
    blocks.append({"type": "text", "text": reply.text})
    blocks += [
        {"type": "tool_use", "id": f"c{n}", "name": "f", "input": orjson.loads(arguments)}
        for n, arguments in enumerate(reply.calls)
    ]
    usage = {"input_tokens": 5, "output_tokens": 6}
    return {"content": blocks, "stop_reason": _stop(reply), "usage": usage}


def _anthropic_events(reply: Reply) -> list[Any]:
    events: list[Any] = [{"type": "message_start", "message": {"usage": {"input_tokens": 5}}}]
    blocks = [
        ({"type": "thinking", "thinking": ""}, "thinking_delta", "thinking", reply.thought),
        ({"type": "text", "text": ""}, "text_delta", "text", reply.text),
        *(
            (
                {"type": "tool_use", "id": f"c{n}", "name": "f", "input": {}},
                "input_json_delta",
                "partial_json",
                arguments,
            )
            for n, arguments in enumerate(reply.calls)
        ),
    ]
    for index, (block, kind, name, said) in enumerate(blocks):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events += [
            {"type": "content_block_delta", "index": index, "delta": {"type": kind, name: piece}}
            for piece in reply.pieces(said)
        ]
        events.append({"type": "content_block_stop", "index": index})
    ended = {"type": "message_delta", "delta": {"stop_reason": _stop(reply)}}
    return [*events, {**ended, "usage": {"output_tokens": 6}}, {"type": "message_stop"}]


def _stop(reply: Reply) -> str:
    return "tool_use" if reply.calls else "end_turn"
