"""Raw ASGI, typed: what of the protocol the gateway uses.

A framework's routing, request and response objects would cost more for each call than all that the
gateway does itself; the protocol underneath is small (asgi.readthedocs.io, HTTP specification 2.3).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from quantumlayer.core.database import new_id

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

JSON = b"application/json"
EVENTS = b"text/event-stream; charset=utf-8"


class BodyTooLarge(Exception):  # noqa: N818 - says what happened
    """The request's body is larger than allowed; no more of it was read."""


class ClientGone(Exception):  # noqa: N818 - says what happened
    """The client closed the connection before its request or our reply was over."""


@dataclass(slots=True)
class Request:
    """A request as it came; its headers are looked up by lower-case names."""

    method: str
    path: str
    headers: Mapping[bytes, bytes]
    receive: Receive
    query: bytes = b""
    scheme: str = "http"
    id: UUID = field(default_factory=new_id)
    _body: bytes | None = None

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> "Request":
        """The request that `scope` opens."""
        return cls(
            scope["method"],
            scope["path"],
            dict(scope["headers"]),
            receive,
            scope["query_string"],
            scope["scheme"],
        )

    def header(self, name: bytes) -> str | None:
        """A header's value, None where it is missing."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def for_anthropic(self) -> bool:
        """Whether a client of Anthropic's asks, who reads errors and lists in its own shapes."""
        return self.path.startswith("/v1/messages") or b"anthropic-version" in self.headers

    async def body(self, limit: int) -> bytes:
        """The whole body; raises `BodyTooLarge` before more than `limit` bytes are held."""
        if self._body is None:
            self._body = await self._read(limit)
        return self._body

    @property
    def size(self) -> int:
        """Bytes of the body that were read."""
        return len(self._body or b"")

    async def gone(self) -> None:
        """Returns when the client closes the connection, and not before; the body is read."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def _read(self, limit: int) -> bytes:
        declared = self.headers.get(b"content-length", b"")
        if declared.isdigit() and int(declared) > limit:
            raise BodyTooLarge
        pieces: list[bytes] = []
        size = 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            piece = message.get("body", b"")
            size += len(piece)
            if size > limit:
                raise BodyTooLarge
            if not message.get("more_body"):
                return b"".join((*pieces, piece)) if pieces else piece
            pieces.append(piece)


@dataclass(slots=True)
class Reply:
    """Our answer to one request: whole, or begun and sent in pieces."""

    send: Send
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    """What every form of the answer carries, errors included."""
    begun: bool = False
    status: int = 0
    """0 until an answer has begun."""
    ended: bool = False
    """Whether the last piece is on its way: who closes the connection then has it all."""

    async def whole(self, status: int, content_type: bytes, body: bytes) -> None:
        """The answer in one piece."""
        length = str(len(body)).encode()
        await self._begin(status, content_type, [(b"content-length", length)])
        await self.end(body)

    async def begin(self, status: int, content_type: bytes) -> None:
        """The head of an answer whose pieces follow."""
        await self._begin(status, content_type, [(b"cache-control", b"no-store")])

    async def piece(self, data: bytes) -> None:
        """One more piece."""
        await self.send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self, data: bytes = b"") -> None:
        """The last piece."""
        self.ended = True
        await self.send({"type": "http.response.body", "body": data})

    async def _begin(self, status: int, content_type: bytes, more: Headers) -> None:
        self.begun, self.status = True, status
        headers = [(b"content-type", content_type), *more, *self.headers]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
