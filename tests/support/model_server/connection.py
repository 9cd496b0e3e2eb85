"""One connection of the scripted server: HTTP/1.1, one request and one reply."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping


class Connection:
    """Reads the request and writes the reply."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self) -> tuple[str, str, dict[str, str], bytes]:
        """The method, path, headers and body."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, path, _ = first.split(" ", 2)
        fields = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in fields}
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return method, path, headers, b"".join([piece async for piece in self._chunks()])
        length = int(headers.get("content-length", 0))
        return method, path, headers, await self._reader.readexactly(length)

    async def _chunks(self) -> AsyncIterator[bytes]:
        while size := int((await self._reader.readline()).partition(b";")[0], 16):
            yield await self._reader.readexactly(size)
            await self._reader.readline()
        await self._reader.readline()

    async def send(
        self,
        status: int,
        content_type: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        cut_after: int | None = None,
    ) -> None:
        """A whole reply; with `cut_after` the connection is torn after so many bytes of it."""
        length = {"content-length": str(len(body))}
        await self.begin(status, content_type, {**length, **(headers or {})})
        await self.write(body if cut_after is None else body[:cut_after])
        if cut_after is not None:
            self.cut()

    async def json(self, value: object, status: int = 200) -> None:
        """A whole reply of JSON."""
        await self.send(status, "application/json", json.dumps(value).encode())

    async def begin(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        """The head of a reply."""
        fields = {"content-type": content_type, "connection": "close", **headers}
        lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {v}" for name, v in fields.items())]
        await self.write("\r\n".join([*lines, "", ""]).encode())

    async def write(self, data: bytes) -> None:
        """More of the reply."""
        self._writer.write(data)
        await self._writer.drain()

    async def write_chunk(self, data: bytes) -> None:
        """A chunk of a body sent in chunks; an empty one ends it."""
        await self.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def silence(self, seconds: float | None) -> None:
        """Waits; raises ConnectionResetError when the client hangs up meanwhile."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._reader.read(1)
                raise ConnectionResetError

    def cut(self) -> None:
        """Drops the connection at once: the client sees it torn, not ended."""
        self._writer.transport.abort()
