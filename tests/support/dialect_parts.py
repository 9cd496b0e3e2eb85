"""A provider's reply shown to a dialect, and what a dialect wrote shown to an official client."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from quantumlayer.gateway.dialects import DIALECTS, Asked, Dialect, DialectName, Writer
from quantumlayer.router.deltas import (
    Delta,
    Finished,
    Named,
    ReasoningDelta,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
    UsageDelta,
)
from quantumlayer.router.wires import Reader
from tests.support.raw_server import raw_server, streamed, whole

Event = tuple[str | None, str]

COUNTED = UsageDelta(
    TokenUsage(
        input_tokens=30,
        output_tokens=12,
        cached_tokens=20,
        cache_written_tokens=4,
        reasoning_tokens=5,
    )
)
REPLY: tuple[Delta, ...] = (
    Named("their-model", "their-id"),
    ReasoningDelta("Which "),
    ReasoningDelta("city?"),
    ReasoningDelta(signature="proof"),
    TextDelta("Let me "),
    TextDelta("look: ü"),
    ToolCallDelta(0, "call_a", "weather"),
    ToolCallDelta(0, arguments='{"city": '),
    ToolCallDelta(0, arguments='"Ulm"}'),
    ToolCallDelta(1, "call_b", "weather"),
    ToolCallDelta(1, arguments='{"city": "Bonn"}'),
    Finished("tool_calls", "tool_calls"),
    COUNTED,
)
"""Thoughts with a proof, words, two calls, counts."""


def dialect(name: DialectName) -> Dialect:
    """The dialect of that name."""
    return DIALECTS[name]


def asked(name: DialectName, *, stream: bool, **more: object) -> Asked:
    """A small request in the dialect."""
    said = "input" if name == "openai_responses" else "messages"
    question = {said: [{"role": "user", "content": "Hi"}], "model": "ours", "stream": stream}
    most = {"max_tokens": 100} if name == "anthropic_messages" else {}
    return DIALECTS[name].asked({**question, **most, **more})


def writer(name: DialectName, *, stream: bool, **more: object) -> Writer:
    """A writer for the answer to such a request."""
    return DIALECTS[name].writer(asked(name, stream=stream, **more), "gw-1")


def handed_on(to: Writer, reader: Reader, events: Iterable[Event]) -> bytes:
    """What `to` makes of a provider's events; not yet its end."""
    return b"".join(to.passed(name, data, tuple(reader.event(name, data))) for name, data in events)


def sent(*documents: dict[str, Any]) -> list[Event]:
    """Documents as the events of a stream, each named after its type where it has one."""
    return [
        (each.get("type"), json.dumps(each, ensure_ascii=False, separators=(",", ":")))
        for each in documents
    ]


def events(stream: bytes) -> list[Event]:
    """The events of a stream."""
    return list(_events(stream.decode()))


def documents(stream: bytes) -> list[Any]:
    """The JSON of a stream's events, without OpenAI's end mark."""
    return [json.loads(data) for _, data in events(stream) if data != "[DONE]"]


def cut(deltas: Sequence[Delta], size: int) -> Iterator[Delta]:
    """The same reply in other pieces: no text in them longer than `size`."""
    for delta in deltas:
        match delta:
            case TextDelta(text=text):
                yield from (TextDelta(text[at : at + size]) for at in range(0, len(text), size))
            case ToolCallDelta(index=index, arguments=text) if text:
                for at in range(0, len(text), size):
                    yield ToolCallDelta(index, arguments=text[at : at + size])
            case ReasoningDelta(text=text) if text:
                for at in range(0, len(text), size):
                    yield ReasoningDelta(text[at : at + size])
            case _:
                yield delta


@asynccontextmanager
async def played(answer: bytes, *, stream: bool) -> AsyncIterator[str]:
    """The URL of a server that answers with what was written, in bites of 7 bytes."""
    bites = [answer[at : at + 7] for at in range(0, len(answer), 7)]
    async with raw_server(streamed(*bites) if stream else whole(answer)) as server:
        yield server.url


def _events(text: str) -> Iterator[Event]:
    for block in text.split("\n\n")[:-1]:
        lines = [line.partition(": ") for line in block.split("\n")]
        names = [value for field, _, value in lines if field == "event"]
        yield (
            names[0] if names else None,
            "\n".join(value for field, _, value in lines if field == "data"),
        )
