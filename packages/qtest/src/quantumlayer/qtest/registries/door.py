"""The way out of an installer's sandbox: an HTTP proxy on a Unix socket that knows few addresses.

It lives outside, one for each installation. CONNECT opens a tunnel, in which TLS stays between the
installer and the registry; requests in plain HTTP are passed on. Whatever is not a registry is
refused and remembered.
"""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from quantumlayer.qtest.registries.endpoints import Endpoint, Registries, authority, endpoint_of
from quantumlayer.qtest.registries.reaching import Unreachable, reach

LARGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30.0
CHUNK_BYTES = 256 * 1024
CONNECTIONS_AT_ONCE = 256
# Of one hop only, or said anew by us.
HOP_HEADERS = ("connection", "proxy-connection", "proxy-authorization", "keep-alive", "host")


@dataclass
class Door:
    """An open door: its socket, whom it lets out to, and whom it did not.

    `learns`: whatever is asked for is let through, as long as it lies outside, and remembered in
    `passed`: for questions of our own, by which the defaults of a tool are found out.
    """

    socket: Path
    registries: Registries
    learns: bool = False
    passed: set[Endpoint] = field(default_factory=set)
    refused: set[Endpoint] = field(default_factory=set)

    def lets(self, endpoint: Endpoint) -> bool:
        """Whether this endpoint may be reached; either way it is noted."""
        allowed = self.learns or self.registries.allow(endpoint)
        (self.passed if allowed else self.refused).add(endpoint)
        return allowed


@asynccontextmanager
async def opened(
    socket: Path, registries: Registries, *, learns: bool = False
) -> AsyncIterator[Door]:
    """Serve the door at `socket` while the body runs; then every connection is cut."""
    door = Door(socket, registries, learns)
    slots = asyncio.Semaphore(CONNECTIONS_AT_ONCE)
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        async with slots:
            await answered(door, reader, writer)

    def serve_alone(reader: StreamReader, writer: StreamWriter) -> None:
        # In a task of ours: the server would print a traceback for each one that is cancelled.
        task = asyncio.ensure_future(serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_unix_server(serve_alone, socket, limit=LARGEST_HEAD)
    # The folder around it is closed to everybody else.
    await asyncio.to_thread(socket.chmod, 0o666)
    try:
        yield door
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def answered(door: Door, reader: StreamReader, writer: StreamWriter) -> None:
    """Serve one connection to its end."""
    try:
        async with asyncio.timeout(HEAD_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
        await passed_on(door, head, reader, writer)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return
    finally:
        writer.close()


async def passed_on(door: Door, head: bytes, reader: StreamReader, writer: StreamWriter) -> None:
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    tunnel = words[0] == "CONNECT"
    endpoint = None
    if len(words) == 3:
        endpoint = authority(words[1]) if tunnel else endpoint_of(words[1])
    if endpoint is None:
        writer.write(answer("400 Bad Request", "This proxy takes CONNECT and absolute addresses."))
        return
    if not door.lets(endpoint):
        writer.write(answer("403 Forbidden", f"{endpoint} is no package registry here."))
        return
    try:
        there = await reach(endpoint, door.registries, tunnel=tunnel)
    except Unreachable as error:
        writer.write(answer("502 Bad Gateway", str(error)))
        return
    if tunnel:
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        there.writer.write(request(words, lines[1:], endpoint, there.extra, whole=there.whole))
    try:
        await both_ways((reader, there.writer), (there.reader, writer))
    finally:
        there.writer.close()


def request(
    words: list[str], headers: list[str], endpoint: Endpoint, extra: list[str], *, whole: bool
) -> bytes:
    """A request as the next hop wants it: for one answer, with the path alone or the address."""
    parts = urlsplit(words[1])
    path = words[1] if whole else (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [line for line in headers if line
            and line.partition(":")[0].strip().lower() not in HOP_HEADERS]  # fmt: skip
    host = f"Host: {parts.netloc.rpartition('@')[2] or endpoint}"
    lines = [f"{words[0]} {path} HTTP/1.1", host, *extra, *kept, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")


def answer(status: str, text: str) -> bytes:
    body = f"{text}\n".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


async def both_ways(*ways: tuple[StreamReader, StreamWriter]) -> None:
    """Pass bytes in both directions until the side that answers has ended, or both."""
    to_there, to_here = (asyncio.ensure_future(pumped(*way)) for way in ways)
    try:
        await to_here
    finally:
        to_there.cancel()
        await asyncio.gather(to_there, return_exceptions=True)


async def pumped(source: StreamReader, target: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(CHUNK_BYTES):
            target.write(chunk)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
