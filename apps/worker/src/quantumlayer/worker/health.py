"""A worker's health over HTTP: alive, and polling for work."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_TIMEOUT_SECONDS = 5


@asynccontextmanager
async def health_server(port: int, ready: Callable[[], bool]) -> AsyncIterator[None]:
    """Answers every request on loopback: 200 while `ready()`, else 503."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await reader.readuntil(b"\r\n")
                status, body = ("200 OK", b"ready") if ready() else ("503 Busy", b"not ready")
                head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
                writer.write(head.encode() + b"Content-Type: text/plain\r\n\r\n" + body)
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
