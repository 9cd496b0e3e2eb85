"""Answers as chat completions: in chunks, or in one document.

Where the provider speaks the format too, its chunks are handed on word for word: this is the
gateway's hot path, and no chunk but the one with the counts is parsed.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from quantumlayer.gateway.dialects.dialect import Asked
from quantumlayer.gateway.dialects.merging import merged
from quantumlayer.gateway.dialects.openai_document import document, proof_of, written_usage
from quantumlayer.gateway.http import GatewayError
from quantumlayer.router.deltas import (
    Alive,
    Delta,
    Finished,
    FinishReason,
    Named,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
    UsageDelta,
)
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.gathering import merged as merged_usage

_SAYS_NOTHING = frozenset({"", "[DONE]"})
_REASONS: dict[FinishReason, str] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
    "refusal": "stop",
    "tool_calls": "tool_calls",
    "other": "stop",
}

Chunk = dict[str, Any]


class OpenAIChatWriter:
    """Writes one answer.

    What says nothing yet is held back until something does: another provider may still have to
    begin the answer, and it begins only once.
    """

    def __init__(self, asked: Asked, reply_id: str) -> None:
        self._asked = asked
        self._head: Chunk = {
            "id": reply_id,
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": asked.model,
        }
        self._model = f'"model":{orjson.dumps(asked.model).decode()}'
        self._their_model = self._model
        self._collected: list[str | Chunk] = []
        self._held: list[str] = []
        self._named = self._begun = self._taken_over = self._counted = False
        self._thought: list[str] = []
        self._usage = TokenUsage()
        self._calls = Gathered()

    def passed(self, name: str | None, data: str, deltas: Sequence[Delta]) -> bytes:  # noqa: ARG002 - the format names no events
        says = counts = False
        for delta in deltas:
            kind = type(delta)
            if isinstance(delta, Named):
                self._name(delta, data)
            elif isinstance(delta, UsageDelta):
                counts = True
            elif kind is not Alive:
                says = True
        if self._taken_over or data.strip() in _SAYS_NOTHING:
            return self.written(deltas)
        if not self._asked.stream:
            self._gather(deltas)
        if counts and not self._wants(data, deltas):
            return b""
        if not (says or self._begun):
            self._held.append(data)
            return b""
        if self._begun:
            return self._pass(data)
        self._begun = True
        held = b"".join(map(self._pass, self._held))
        return held + self._pass(data)

    def written(self, deltas: Iterable[Delta]) -> bytes:
        return b"".join(self._give(chunk) for delta in deltas for chunk in self._chunks(delta))

    def end(self) -> bytes:
        held = b"" if self._begun else b"".join(map(self._pass, self._held))
        known = self._usage != TokenUsage()
        counts = b""
        if self._asked.usage_wanted and known and not self._counted:
            counts = self._give({"choices": [], "usage": written_usage(self._usage)})
        return held + counts + b"data: [DONE]\n\n"

    def failed(self, error: GatewayError) -> bytes:
        return b"data: " + error.body("openai", self._head["id"]) + b"\n\n"

    def whole(self) -> bytes:
        if not self._begun:
            self._collected += self._held
        chunks = (
            chunk if isinstance(chunk, dict) else orjson.loads(chunk) for chunk in self._collected
        )
        calls = self._calls.tool_calls if self._asked.plain else ()
        return orjson.dumps(document(merged(chunks), self._head, self._usage, calls))

    def _gather(self, deltas: Iterable[Delta]) -> None:
        """Keeps pieces of calls as they were read: servers leave out which call a piece is of."""
        for delta in deltas:
            if isinstance(delta, ToolCallDelta):
                self._calls.add(delta)

    def _name(self, named: Named, data: str) -> None:
        """Takes the answer's name; a second one is another provider's, who takes over."""
        if self._named and self._begun:
            self._taken_over = self._asked.plain
        elif self._named:
            self._held.clear()
        self._named = True
        if not self._begun and named.id:
            self._head["id"] = named.id
        if named.model:
            theirs = orjson.dumps(named.model).decode()
            forms = (f'"model":{theirs}', f'"model": {theirs}')
            self._their_model = next((form for form in forms if form in data), self._model)

    def _wants(self, data: str, deltas: Sequence[Delta]) -> bool:
        """Whether the client gets a chunk that counts: one that only counts if it was asked for."""
        for delta in deltas:
            if isinstance(delta, UsageDelta):
                self._usage = merged_usage(self._usage, delta.usage)
        if orjson.loads(data).get("choices"):
            return True
        self._counted = self._asked.usage_wanted
        return self._counted

    def _pass(self, data: str) -> bytes:
        # A text that held these words would have its quotation marks escaped.
        data = data.replace(self._their_model, self._model, 1)
        if not self._asked.stream:
            self._collected.append(data)
            return b""
        if "\n" in data:
            data = data.replace("\n", "\ndata: ")
        return f"data: {data}\n\n".encode()

    def _give(self, more: Chunk) -> bytes:
        chunk = {**self._head, **more}
        if not self._asked.stream:
            self._collected.append(chunk)
            return b""
        return b"data: " + orjson.dumps(chunk) + b"\n\n"

    def _chunks(self, delta: Delta) -> Iterator[Chunk]:
        if isinstance(delta, UsageDelta):
            self._usage = merged_usage(self._usage, delta.usage)
        elif isinstance(delta, Finished):
            yield from self._start()
            yield _chunk({}, _REASONS[delta.reason])
        elif not isinstance(delta, Named | Alive):
            yield from self._start()
            yield _chunk(self._said(delta))

    def _start(self) -> Iterator[Chunk]:
        if not self._begun:
            self._begun = True
            yield _chunk({"role": "assistant", "content": ""})

    def _said(
        self, delta: TextDelta | ReasoningDelta | RefusalDelta | ToolCallDelta
    ) -> dict[str, Any]:
        match delta:
            case TextDelta(text=text):
                return {"content": text}
            case RefusalDelta(text=text):
                return {"refusal": text}
            case ReasoningDelta():
                return self._thinking(delta)
            case ToolCallDelta():
                self._calls.add(delta)
                return {"tool_calls": [_call(delta)]}

    def _thinking(self, delta: ReasoningDelta) -> dict[str, Any]:
        """More of a thought; once it is whole, the block that must be given back with its proof."""
        if delta.sealed is not None:
            block = {"type": "redacted_thinking", "data": delta.sealed}
            return {"thinking_blocks": [block]}
        self._thought.append(delta.text)
        said: dict[str, Any] = {"reasoning_content": delta.text}
        if delta.signature is not None:
            text, self._thought = "".join(self._thought), []
            block = {"type": "thinking", "thinking": text, "signature": delta.signature}
            said["thinking_blocks"] = [block]
        return said


def _chunk(delta: dict[str, Any], finish_reason: str | None = None) -> Chunk:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}


def _call(delta: ToolCallDelta) -> dict[str, Any]:
    function: dict[str, Any] = {"arguments": delta.arguments}
    call: dict[str, Any] = {"index": delta.index, "function": function}
    if delta.id is not None:
        call |= {"id": delta.id, "type": "function"}
    if delta.name is not None:
        function["name"] = delta.name
    return {**call, **proof_of(delta.signature)}
