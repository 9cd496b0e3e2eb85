"""What a reply says, and what a format makes of it: one document, or a stream of events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

from tests.support.model_server.happenings import StreamError
from tests.support.model_server.replies import ScriptedCall, ScriptedReply

_PIECE = 24


@dataclass(frozen=True, slots=True)
class Said:
    """What a reply says; `breaks` are the places at which its pieces must end."""

    reply: ScriptedReply
    text: str
    finish: str
    calls: tuple[ScriptedCall, ...]
    breaks: tuple[int, ...]

    @classmethod
    def of(cls, reply: ScriptedReply, text: str, finish: str = "stop") -> Self:
        """A reply that says `text` beside its thoughts and calls."""
        ended = "tool_calls" if reply.tool_calls and finish == "stop" else finish
        breaks = tuple(happening.after for happening in reply.on_the_way)
        return cls(reply, text, ended, reply.tool_calls, breaks)

    def as_call(self, name: str) -> Self:
        """The same as the arguments of a tool that had to be called."""
        call = ScriptedCall(name=name, arguments=self.text)
        return replace(self, text="", calls=(call,), finish="tool_calls")

    def pieces(self, text: str, start: int) -> Iterator[str]:
        """`text` in pieces, when `start` characters were said before it."""
        marks = {at - start for at in self.breaks} | set(range(0, len(text), _PIECE))
        ends = sorted({mark for mark in marks if 0 < mark < len(text)} | {len(text)})
        for begin, end in zip([0, *ends], ends, strict=False):
            if text[begin:end]:
                yield text[begin:end]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream; `characters` says how much of the reply is in it."""

    data: str
    name: str | None = None
    characters: int = 0

    @property
    def line(self) -> bytes:
        """The event as it is sent."""
        name = f"event: {self.name}\n" if self.name else ""
        return f"{name}data: {self.data}\n\n".encode()


class Format(Protocol):
    """A provider's format."""

    ping: bytes

    def document(self, asked: dict[str, Any], said: Said) -> dict[str, Any]: ...

    def events(self, asked: dict[str, Any], said: Said) -> Iterator[Event]: ...

    def error(self, error: StreamError) -> Event: ...


def dumped(value: object) -> str:
    """The JSON of a value, as servers write it."""
    return json.dumps(value, ensure_ascii=False)
