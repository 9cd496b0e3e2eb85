"""A worker's health over HTTP: alive, and polling for work."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_TIMEOUT_SECONDS = 5


@asynccontextmanager
async def health_server(port: int, waits_for: Callable[[], str | None]) -> AsyncIterator[None]:
    """Answers every request on loopback: 200, or 503 while `waits_for()` names a part."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await reader.readuntil(b"\r\n")
                writer.write(_answer(waits_for()))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked has gone or does not speak HTTP; there is nobody to answer
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


def _answer(awaited: str | None) -> bytes:
    status, said = ("200 OK", "ready") if awaited is None else ("503 Busy", "waiting")
    parts = {} if awaited is None else {awaited: "down"}
    body = json.dumps({"status": said, "parts": parts}).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    return head.encode() + b"Content-Type: application/json\r\n\r\n" + body
