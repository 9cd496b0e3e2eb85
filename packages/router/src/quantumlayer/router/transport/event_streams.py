"""Server-sent events out of bytes, however they were split on the way.

The algorithm is WHATWG's (HTML standard, 9.2.6 "Interpreting an event stream"), with three
differences: comments, and events without data, are given as signs of life; `id` and `retry` are
for reconnecting, which nobody can do with a model's reply, and are left out; and an event that is
complete but for its empty line is given when the stream ends, for servers that forget it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from quantumlayer.router.errors import ProviderUnavailable

_BOM = b"\xef\xbb\xbf"
_DATA = b"data: "
_LINE_END = re.compile(rb"\r\n|\r|\n")


class ServerEvent(NamedTuple):
    """One event; `name` is None where the server gave it none."""

    name: str | None
    data: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What says nothing but that the server is alive: a comment, an event without data."""


@dataclass(slots=True)
class EventStream:
    """Reads one stream; sizes are bounded in bytes of a line and of an event's data."""

    line_limit: int = 8 * 1024 * 1024
    event_limit: int = 16 * 1024 * 1024
    _line: list[bytes] = field(default_factory=list)
    _line_size: int = 0
    _after_return: bool = False
    _begun: bool = False
    _name: str | None = None
    _data: list[str] = field(default_factory=list)
    _data_size: int = 0

    def feed(self, chunk: bytes) -> Iterator[ServerEvent | Comment]:
        """What the next bytes complete; raises `ProviderUnavailable` over the limits."""
        if not chunk:
            return
        self._begun = self._begun or not (self._line or _BOM.startswith(chunk[:1]))
        if self._between_events and chunk.endswith(b"\n\n") and b"\r" not in chunk:
            yield from self._whole(chunk)
        else:
            yield from self._lines(chunk)

    @property
    def _between_events(self) -> bool:
        unsaid = not (self._line or self._data or self._name)
        return self._begun and unsaid and not self._after_return

    def _whole(self, chunk: bytes) -> Iterator[ServerEvent | Comment]:
        """Events that came whole, nearly always with one line of data and nothing else."""
        for event in chunk[:-2].split(b"\n\n"):
            plain = event.startswith(_DATA) and b"\n" not in event
            if plain and len(_DATA) < len(event) < self.line_limit:
                yield ServerEvent(None, event[len(_DATA) :].decode("utf-8", "replace"))
            else:
                yield from self._lines(event + b"\n\n")

    def _lines(self, chunk: bytes) -> Iterator[ServerEvent | Comment]:
        if self._after_return:
            chunk = chunk.removeprefix(b"\n")
        start = 0
        for end in _LINE_END.finditer(chunk):
            line = self._completed(chunk[start : end.start()])
            start = end.end()
            if (said := self._read(line)) is not None:
                yield said
        # The line feed of a CR LF may be the first byte of the next chunk.
        self._after_return = chunk.endswith(b"\r")
        self._keep(chunk[start:])

    def end(self) -> Iterator[ServerEvent | Comment]:
        """The last event, if only its empty line was missing when the stream ended."""
        if not self._line and (event := self._dispatched()) is not None:
            yield event

    def _keep(self, rest: bytes) -> None:
        if rest:
            self._line.append(rest)
            self._line_size += len(rest)
            if self._line_size > self.line_limit:
                raise ProviderUnavailable(
                    f"the server sent a line of more than {self.line_limit} bytes"
                )

    def _completed(self, rest: bytes) -> bytes:
        self._keep(rest)
        line = b"".join(self._line)
        self._line.clear()
        self._line_size = 0
        if not self._begun:
            self._begun = True
            line = line.removeprefix(_BOM)
        return line

    def _read(self, line: bytes) -> ServerEvent | Comment | None:
        if not line:
            return self._dispatched()
        if line.startswith(b":"):
            return Comment()
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data_size += len(line)
            if self._data_size > self.event_limit:
                raise ProviderUnavailable(
                    f"the server sent an event of more than {self.event_limit} bytes"
                )
            self._data.append(value)
        elif name == "event":
            self._name = value or None
        return None

    def _dispatched(self) -> ServerEvent | Comment | None:
        name, lines = self._name, self._data
        self._name, self._data, self._data_size = None, [], 0
        if not lines:
            return None
        data = "\n".join(lines)
        return ServerEvent(name, data) if data else Comment()
