"""Anthropic's messages, whole and streamed."""

import json
from collections.abc import Iterator
from typing import Any

from tests.support.model_server.formats import Event, Said, dumped
from tests.support.model_server.happenings import StreamError
from tests.support.model_server.replies import ScriptedReply

_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "content_filter": "refusal",
    "tool_calls": "tool_use",
}


class AnthropicFormat:
    """As Anthropic's own server speaks it."""

    ping = b'event: ping\ndata: {"type": "ping"}\n\n'

    def document(self, asked: dict[str, Any], said: Said) -> dict[str, Any]:
        """The reply as one document."""
        said = _answered(asked, said)
        return {
            **_begun(asked),
            "content": [{**block, **filled} for block, _, filled in _blocks(said)],
            "stop_reason": _REASONS.get(said.finish, said.finish),
            "usage": {**_asked(said.reply), **_told(said.reply)},
        }

    def events(self, asked: dict[str, Any], said: Said) -> Iterator[Event]:
        """The reply block by block, between its start and its end."""
        said = _answered(asked, said)
        usage = {**_asked(said.reply), "output_tokens": 1}
        yield _event({"type": "message_start", "message": {**_begun(asked), "usage": usage}})
        start = 0
        for index, (block, deltas, _) in enumerate(_blocks(said)):
            place = {"index": index}
            yield _event({"type": "content_block_start", **place, "content_block": block})
            for kind, name, text, spoken in deltas:
                for piece in said.pieces(text, start) if spoken else (text,):
                    delta = {"type": kind, name: piece}
                    event = {"type": "content_block_delta", **place, "delta": delta}
                    yield _event(event, len(piece) if spoken else 0)
                start += len(text) if spoken else 0
            yield _event({"type": "content_block_stop", **place})
        reason = {"stop_reason": _REASONS.get(said.finish, said.finish), "stop_sequence": None}
        yield _event({"type": "message_delta", "delta": reason, "usage": _told(said.reply)})
        yield _event({"type": "message_stop"})

    def error(self, error: StreamError) -> Event:
        """An error in mid-stream."""
        return _event({"type": "error", "error": {"type": error.type, "message": error.message}})


_Delta = tuple[str, str, str, bool]


def _blocks(said: Said) -> Iterator[tuple[dict[str, Any], list[_Delta], dict[str, Any]]]:
    """Each block as it starts, its deltas (type, name, text, whether it is said), and its end."""
    reply = said.reply
    if reply.reasoning:
        proof = reply.signature or "signed"
        yield (
            {"type": "thinking", "thinking": "", "signature": ""},
            [
                ("thinking_delta", "thinking", reply.reasoning, True),
                ("signature_delta", "signature", proof, False),
            ],
            {"thinking": reply.reasoning, "signature": proof},
        )
    if said.text or not said.calls:
        text = said.text
        deltas = [("text_delta", "text", text, True)]
        yield {"type": "text", "text": ""}, deltas, {"text": text}
    for index, call in enumerate(said.calls):
        block = {"type": "tool_use", "id": f"{call.id}_{index}", "name": call.name, "input": {}}
        filled = {"input": json.loads(call.arguments)}
        yield block, [("input_json_delta", "partial_json", call.arguments, True)], filled


def _answered(asked: dict[str, Any], said: Said) -> Said:
    """A forced tool is called, as the format has it, with the answer for its arguments."""
    choice = asked.get("tool_choice") or {}
    forced = choice.get("type") == "tool" and not said.calls
    return said.as_call(choice["name"]) if forced and _is_object(said.text) else said


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _begun(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "msg_scripted",
        "type": "message",
        "role": "assistant",
        "model": asked.get("model", "scripted"),
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }


def _asked(reply: ScriptedReply) -> dict[str, Any]:
    cached, written = reply.cached_tokens or 0, reply.cache_written_tokens or 0
    return {
        "input_tokens": reply.input_tokens - cached - written,
        "cache_read_input_tokens": cached,
        "cache_creation_input_tokens": written,
    }


def _told(reply: ScriptedReply) -> dict[str, Any]:
    thought = {"output_tokens_details": {"thinking_tokens": reply.reasoning_tokens}}
    return {
        "output_tokens": reply.output_tokens,
        **(thought if reply.reasoning_tokens is not None else {}),
    }


def _event(data: dict[str, Any], characters: int = 0) -> Event:
    return Event(dumped(data), data["type"], characters)
