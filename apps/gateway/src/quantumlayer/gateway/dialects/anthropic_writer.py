"""Answers as Anthropic's messages: in events, or in one document.

Events: https://platform.claude.com/docs/en/build-with-claude/streaming.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from quantumlayer.gateway.dialects.anthropic_document import document, written_usage
from quantumlayer.gateway.dialects.blocks import Begun, Block, Blocks, Ended, Kind, More, Step
from quantumlayer.gateway.dialects.dialect import Asked
from quantumlayer.gateway.http import GatewayError
from quantumlayer.router.deltas import (
    Alive,
    Delta,
    Finished,
    FinishReason,
    Named,
    TokenUsage,
    UsageDelta,
)
from quantumlayer.router.gathering import merged

_REASONS: dict[FinishReason, str] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "content_filter": "refusal",
    "refusal": "refusal",
    "tool_calls": "tool_use",
    "other": "end_turn",
}
# Words of the format's own, of which the router keeps less.
_OWN_REASONS = frozenset({"stop_sequence", "pause_turn", "model_context_window_exceeded"})
_PIECES: dict[Kind, tuple[str, str]] = {
    "text": ("text_delta", "text"),
    "refusal": ("text_delta", "text"),
    "thought": ("thinking_delta", "thinking"),
    "call": ("input_json_delta", "partial_json"),
}
_KINDS: dict[str, Kind] = {"text": "text", "thinking": "thought"}
_SILENT = (Named, UsageDelta, Alive)

Event = dict[str, Any]


class AnthropicWriter:
    """Writes one answer.

    What says nothing yet is held back, and so is the end: another provider may still have to begin
    the answer, or to go on with it.
    """

    def __init__(self, asked: Asked, reply_id: str) -> None:
        self._asked, self._id = asked, reply_id
        self._collected: list[str | Event] = []
        self._held: list[tuple[str, str]] = []
        self._last: str | None = None
        self._begun = self._written = False
        self._blocks = Blocks()
        self._usage = TokenUsage()
        self._finished = Finished("stop")

    def passed(self, name: str | None, data: str, deltas: Sequence[Delta]) -> bytes:
        kind = name if name not in {None, "message"} else None
        kind = kind or orjson.loads(data or "{}").get("type") or ""
        if kind == "content_block_delta" and self._begun and not self._written:
            return self._pass(kind, data)
        if kind == "message_start":
            self._written = self._begun
        if self._written:
            return self.written(deltas)
        return self._event(kind, data, deltas)

    def written(self, deltas: Iterable[Delta]) -> bytes:
        return b"".join(self._give(event) for delta in deltas for event in self._events(delta))

    def end(self) -> bytes:
        if self._written or self._last is None:
            ends = b"".join(map(self._give, self._closing()))
        else:
            ends = self._flushed() + self._pass("message_delta", self._last)
        return ends + self._give({"type": "message_stop"})

    def failed(self, error: GatewayError) -> bytes:
        return b"event: error\ndata: " + error.body("anthropic", self._id) + b"\n\n"

    def whole(self) -> bytes:
        self.end()
        events = (
            each if isinstance(each, dict) else orjson.loads(each) for each in self._collected
        )
        return orjson.dumps(document(events))

    def _event(self, kind: str, data: str, deltas: Sequence[Delta]) -> bytes:
        """An event of the first provider's that is more than a piece of a block."""
        for delta in deltas:
            if isinstance(delta, UsageDelta):
                self._usage = merged(self._usage, delta.usage)
        if kind == "message_delta":
            self._last = data
            return b""
        if kind in {"message_stop", ""}:
            return b""
        if kind == "message_start":
            self._held.clear()
            data = self._renamed(data, deltas)
        elif kind == "content_block_start":
            block = orjson.loads(data)
            theirs = block["content_block"].get("type")
            self._blocks.began(block["index"], _KINDS.get(theirs, "sealed"))
        elif kind == "content_block_stop":
            self._blocks.ended()
        if not self._begun and all(isinstance(delta, _SILENT) for delta in deltas):
            self._held.append((kind, data))
            return b""
        return self._flushed() + self._pass(kind, data)

    def _flushed(self) -> bytes:
        """What was held back, now that the answer is known to be this provider's."""
        held, self._held, self._begun = self._held, [], True
        return b"".join(self._pass(kind, data) for kind, data in held)

    def _renamed(self, data: str, deltas: Sequence[Delta]) -> str:
        """The start of a message under the name that the client asked for."""
        for named in deltas:
            if isinstance(named, Named) and named.model:
                theirs, ours = (
                    orjson.dumps(model).decode() for model in (named.model, self._asked.model)
                )
                for colon in (":", ": "):
                    data = data.replace(f'"model"{colon}{theirs}', f'"model"{colon}{ours}', 1)
        return data

    def _pass(self, kind: str, data: str) -> bytes:
        if self._asked.stream:
            if "\n" in data:
                data = data.replace("\n", "\ndata: ")
            return f"event: {kind}\ndata: {data}\n\n".encode()
        if kind != "ping":
            self._collected.append(data)
        return b""

    def _give(self, event: Event) -> bytes:
        if self._asked.stream:
            head = f"event: {event['type']}\ndata: ".encode()
            return head + orjson.dumps(event) + b"\n\n"
        self._collected.append(event)
        return b""

    def _events(self, delta: Delta) -> Iterator[Event]:
        if isinstance(delta, UsageDelta):
            self._usage = merged(self._usage, delta.usage)
        elif isinstance(delta, Finished):
            self._finished = delta
        for step in self._blocks.take(delta):
            yield from self._start()
            yield from _step(step)

    def _start(self) -> Iterator[Event]:
        self._written = True
        if self._begun:
            return
        self._begun = True
        message: dict[str, Any] = {
            "id": self._id,
            "type": "message",
            "role": "assistant",
            "model": self._asked.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": written_usage(self._usage),
        }
        yield {"type": "message_start", "message": message}

    def _closing(self) -> Iterator[Event]:
        steps = tuple(self._blocks.end())
        yield from self._start()
        for step in steps:
            yield from _step(step)
        said = self._finished.said
        reason = said if said in _OWN_REASONS else _REASONS[self._finished.reason]
        yield {
            "type": "message_delta",
            "delta": {"stop_reason": reason, "stop_sequence": None},
            "usage": written_usage(self._usage),
        }


def _step(step: Step) -> Iterator[Event]:
    block = step.block
    match step:
        case Begun():
            begun = {"index": block.index, "content_block": _empty(block)}
            yield {"type": "content_block_start", **begun}
        case More(text=text):
            kind, name = _PIECES[block.kind]
            yield _delta(block, {"type": kind, name: text})
        case Ended():
            if block.kind == "thought" and block.signature is not None:
                yield _delta(block, {"type": "signature_delta", "signature": block.signature})
            yield {"type": "content_block_stop", "index": block.index}


def _delta(block: Block, delta: dict[str, Any]) -> Event:
    return {"type": "content_block_delta", "index": block.index, "delta": delta}


def _empty(block: Block) -> dict[str, Any]:
    match block.kind:
        case "thought":
            return {"type": "thinking", "thinking": "", "signature": ""}
        case "sealed":
            return {"type": "redacted_thinking", "data": block.signature}
        case "call":
            return {"type": "tool_use", "id": block.id, "name": block.name, "input": {}}
        case _:
            return {"type": "text", "text": ""}
