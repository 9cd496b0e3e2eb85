"""Answers of the Responses API: in events, or in one document.

Events: https://platform.openai.com/docs/api-reference/responses-streaming. Each block of a reply is
an item of the output.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from quantumlayer.gateway.dialects.blocks import Begun, Block, Blocks, Ended, More, Step
from quantumlayer.gateway.dialects.dialect import Asked
from quantumlayer.gateway.dialects.responses_items import (
    Event,
    begun,
    ended,
    item,
    more,
    written_usage,
)
from quantumlayer.gateway.http import GatewayError
from quantumlayer.router.deltas import (
    Delta,
    Finished,
    FinishReason,
    TokenUsage,
    UsageDelta,
)
from quantumlayer.router.gathering import merged

_CUT: dict[FinishReason, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}
# What the document repeats of the request, and what it says where the request does not.
_REPEATED: dict[str, Any] = {
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "reasoning": None,
    "temperature": None,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": None,
}


class ResponsesWriter:
    """Writes one answer."""

    def __init__(self, asked: Asked, reply_id: str) -> None:
        self._asked, self._id = asked, reply_id
        self._created = int(time.time())
        self._number = 0
        self._begun = False
        self._blocks = Blocks()
        self._usage = TokenUsage()
        self._finished: Finished | None = None

    def passed(self, name: str | None, data: str, deltas: Sequence[Delta]) -> bytes:  # noqa: ARG002 - written anew
        """The pieces, written anew: a provider's items would name a response that it keeps."""
        return self.written(deltas)

    def written(self, deltas: Iterable[Delta]) -> bytes:
        return self._given(event for delta in deltas for event in self._events(delta))

    def end(self) -> bytes:
        return self._given(self._closing())

    def failed(self, error: GatewayError) -> bytes:
        said = {"code": error.kind.openai[1], "message": error.message}
        failed = {**self._response("failed"), "error": said}
        return self._given((*self._start(), {"type": "response.failed", "response": failed}))

    def whole(self) -> bytes:
        for _ in self._blocks.end():
            pass
        return orjson.dumps(self._response(self._status))

    @property
    def _status(self) -> str:
        return "incomplete" if self._finished and self._finished.reason in _CUT else "completed"

    def _given(self, events: Iterable[Event]) -> bytes:
        """The events as they are sent, numbered."""
        sent: list[bytes] = []
        for event in events:
            if self._asked.stream:
                numbered = {**event, "sequence_number": self._number}
                sent.append(f"event: {event['type']}\ndata: ".encode())
                sent += (orjson.dumps(numbered), b"\n\n")
                self._number += 1
        return b"".join(sent)

    def _events(self, delta: Delta) -> Iterator[Event]:
        if isinstance(delta, UsageDelta):
            self._usage = merged(self._usage, delta.usage)
        elif isinstance(delta, Finished):
            self._finished = delta
        for step in self._blocks.take(delta):
            yield from self._start()
            yield from self._step(step)

    def _start(self) -> Iterator[Event]:
        if not self._begun:
            self._begun = True
            response = {**self._response("in_progress"), "output": []}
            yield {"type": "response.created", "response": response}
            yield {"type": "response.in_progress", "response": response}

    def _step(self, step: Step) -> Iterator[Event]:
        match step:
            case Begun(block=block):
                yield from begun(block, self._id)
            case More(block=block, text=text):
                yield more(block, self._id, text)
            case Ended(block=block):
                yield from ended(block, self._id, self._item_status(block))

    def _closing(self) -> Iterator[Event]:
        steps = tuple(self._blocks.end())
        yield from self._start()
        for step in steps:
            yield from self._step(step)
        status = self._status
        yield {"type": f"response.{status}", "response": self._response(status)}

    def _item_status(self, block: Block) -> str:
        """Incomplete is the last item of an answer that was cut."""
        last = block is self._blocks.all[-1]
        return self._status if last and self._finished is not None else "completed"

    def _response(self, status: str) -> dict[str, Any]:
        reason = _CUT.get(self._finished.reason) if self._finished else None
        body = self._asked.body
        counted = self._usage != TokenUsage()
        return {
            **{name: body.get(name) or default for name, default in _REPEATED.items()},
            "parallel_tool_calls": body.get("parallel_tool_calls") is not False,
            "temperature": body.get("temperature"),
            "id": self._id,
            "object": "response",
            "created_at": self._created,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": reason} if reason else None,
            "model": self._asked.model,
            "output": [
                item(block, self._id, self._item_status(block)) for block in self._blocks.all
            ],
            "previous_response_id": None,
            "store": False,
            "usage": written_usage(self._usage) if counted else None,
        }
