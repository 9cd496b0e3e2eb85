"""Raw replies of model servers, read by the reader of their format."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from quantumlayer.router.deltas import Delta
from quantumlayer.router.errors import RouterError
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.wires.anthropic_reader import AnthropicReader
from quantumlayer.router.wires.openai_reader import OpenAIReader
from quantumlayer.router.wires.responses_reader import ResponsesReader
from quantumlayer.router.wires.wire import Reader

_READERS: dict[str, Callable[..., Reader]] = {
    "anthropic": AnthropicReader,
    "openai": OpenAIReader,
    "openai_responses": ResponsesReader,
}


@dataclass
class Read:
    """What came of a reply: its pieces, what they make together, and the error that ended it."""

    deltas: list[Delta] = field(default_factory=list)
    gathered: Gathered = field(default_factory=Gathered)
    error: RouterError | None = None
    ended: bool = False

    def take(self, deltas: Iterable[Delta]) -> None:
        """Takes pieces in until there is no more, or an error."""
        try:
            for delta in deltas:
                self.deltas.append(delta)
                self.gathered.add(delta)
        except RouterError as error:
            self.error = error


def read_body(wire: str, body: object, *, tools_offered: bool) -> Read:
    """A reply that came as one document."""
    seen, reader = Read(), _reader(wire, tools_offered=tools_offered)
    seen.take(reader.whole(body))
    seen.ended = reader.ended
    return seen


def read_events(wire: str, events: Iterable[Any], *, tools_offered: bool) -> Read:
    """A stream: each event is its data, or `{"event": name, "data": …}`."""
    seen, reader = Read(), _reader(wire, tools_offered=tools_offered)
    for event in events:
        named = isinstance(event, dict) and "event" in event
        name = event["event"] if named else _type(event) if wire == "anthropic" else None
        data = event["data"] if named else event
        seen.take(reader.event(name, data if isinstance(data, str) else json.dumps(data)))
        if seen.error:
            break
    seen.ended = reader.ended
    return seen


def _reader(wire: str, *, tools_offered: bool) -> Reader:
    return _READERS[wire](tools_offered=tools_offered)


def _type(event: object) -> str | None:
    return event.get("type") if isinstance(event, dict) else None
