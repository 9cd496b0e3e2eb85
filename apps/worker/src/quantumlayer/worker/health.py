"""A worker's health over HTTP: alive, polling for work, and what its guardrails did."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

_TIMEOUT_SECONDS = 5
Counted = Iterable[tuple[str, str, str, int]]
"""How often guardrails ended in which way: module, side, outcome, number."""


@asynccontextmanager
async def health_server(
    port: int, waits_for: Callable[[], str | None], counted: Callable[[], Counted] = tuple
) -> AsyncIterator[None]:
    """Answers every request on loopback: 200, or 503 while `waits_for()` names a part.

    `/metrics` is what was `counted`, as Prometheus reads it.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                asked = await reader.readuntil(b"\r\n")
                metrics = asked.startswith(b"GET /metrics ")
                writer.write(_metrics(counted()) if metrics else _answer(waits_for()))
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
    body = json.dumps({"status": said, "parts": parts})
    return _reply(status, "application/json", body)


def _metrics(counted: Counted) -> bytes:
    name = "ql_worker_guardrails_total"
    lines = [f"# HELP {name} What guardrails did with agents' calls.", f"# TYPE {name} counter"]
    lines += (
        f'{name}{{module="{module}",side="{side}",outcome="{outcome}"}} {number}'
        for module, side, outcome, number in counted
    )
    return _reply("200 OK", "text/plain; version=0.0.4", "\n".join(lines) + "\n")


def _reply(status: str, kind: str, text: str) -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    return f"{head}Content-Type: {kind}\r\n\r\n".encode() + body
