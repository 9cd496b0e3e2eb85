"""A server whose answers are bytes that a test writes itself: half chunks, resets, silence."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


@dataclass
class RawServer:
    """Where it listens and what it was asked."""

    url: str
    connections: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def raw_server(*answers: Answer) -> AsyncIterator[RawServer]:
    """Answers each request with the next of `answers`, the last one for ever."""
    left = list(answers)
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        server.connections += 1
        try:
            while not writer.is_closing():
                await _read(reader, server)
                await (left.pop(0) if len(left) > 1 else left[0])(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            # A client that hangs up is part of what is tested.
            server.hung_up.set()
        except asyncio.CancelledError:
            # The end of the test; asyncio would log it as a failure of this callback.
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(accept, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()[:2]
    server = RawServer(f"http://{host}:{port}/v1")
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader, server: RawServer) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    server.heads.append(head)
    server.asked.set()
    length = next(
        (line for line in head.lower().split("\r\n") if line.startswith("content-length")), ":0"
    )
    body = await reader.readexactly(int(length.partition(":")[2]))
    if body:
        server.bodies.append(json.loads(body))


def chunk(data: bytes) -> bytes:
    """`data` as one chunk of a body sent in chunks."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def sending(*pieces: bytes | float, reset: bool = False, hold: bool = False) -> Answer:
    """Writes the pieces, pausing for the numbers among them; then resets, or holds on."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            if isinstance(piece, bytes):
                writer.write(piece)
                await writer.drain()
            else:
                await asyncio.sleep(piece)
        if hold:
            await reader.readexactly(1)
        if reset:
            writer.transport.abort()

    return answer


def closing(*pieces: bytes) -> Answer:
    """Writes the pieces, and closes as if that were all."""

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(pieces))
        writer.close()

    return answer


def streamed(*events: bytes | float, **how: bool) -> Answer:
    """An event stream, one chunk an event; whole unless it resets or holds on."""
    end = () if how else (b"0\r\n\r\n",)
    chunks = [chunk(each) if isinstance(each, bytes) else each for each in events]
    return sending(STREAM, *chunks, *end, **how)


def whole(body: bytes, *, status: str = "200 OK", **headers: str) -> Answer:
    """One answer with its length."""
    fields = {"content-type": "application/json", "content-length": str(len(body))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return sending("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body)
