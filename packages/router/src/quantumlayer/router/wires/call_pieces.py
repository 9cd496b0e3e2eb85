"""Which call a piece of a tool call belongs to, in OpenAI's format.

By the format each piece carries its call's index, and the first one its id and name. Servers leave
the index out, send 0 for every call, repeat id and name in each piece, change the id from piece to
piece, or give several calls one id.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson

from quantumlayer.router.deltas import ToolCallDelta
from quantumlayer.router.wires.lenient_json import dumped


@dataclass(slots=True)
class _Call:
    place: int
    said_id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether its arguments are a whole object, so that more of them are another call's."""
        if not (self.arguments and self.arguments[-1].endswith("}")):
            return False
        try:
            orjson.loads("".join(self.arguments))
        except orjson.JSONDecodeError:
            return False
        return True


class CallPieces:
    """Tells the calls of one reply apart."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._ids: set[str] = set()

    def __len__(self) -> int:
        return len(self._calls)

    def piece(self, said: dict[str, Any], index: int | None) -> ToolCallDelta:
        """More of a call, known or new."""
        function = said.get("function")
        function = function if isinstance(function, dict) else {}
        id_, name = _word(said.get("id")), _word(function.get("name"))
        arguments = _arguments(function.get("arguments"))
        call = self._known(index, id_, name, arguments) or self._new()
        if index is not None:
            self._by_index[index] = call
        if arguments:
            call.arguments.append(arguments)
        first_id = self._own_id(call, id_) if id_ and not call.said_id else None
        first_name = name if name and not call.name else None
        call.said_id, call.name = call.said_id or id_, call.name or name
        return ToolCallDelta(
            index=call.place,
            id=first_id,
            name=first_name,
            arguments=arguments,
            signature=_signature(said),
        )

    def _known(self, index: int | None, id_: str, name: str, arguments: str) -> _Call | None:
        """The call that the piece goes on with; None: it begins one."""
        if index is not None:
            call = self._by_index.get(index)
        else:
            same = (each for each in reversed(self._calls) if id_ and each.said_id == id_)
            call = next(same, self._calls[-1] if self._calls else None)
        if call is None or not name or not call.name:
            return call
        another = (id_ and id_ != call.said_id) or (arguments.strip() and call.complete)
        return None if another else call

    def _new(self) -> _Call:
        call = _Call(len(self._calls))
        self._calls.append(call)
        return call

    def _own_id(self, call: _Call, id_: str) -> str:
        """The call's id; results are told apart by it, so that no two calls share one."""
        own = f"{id_}_{call.place}" if id_ in self._ids else id_
        self._ids.add(own)
        return own


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _arguments(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else dumped(value)


def _signature(call: dict[str, Any]) -> str | None:
    """Gemini's proof of the thought behind the call."""
    extra = call.get("extra_content")
    google = extra.get("google") if isinstance(extra, dict) else None
    signature = google.get("thought_signature") if isinstance(google, dict) else None
    return signature if isinstance(signature, str) else None
