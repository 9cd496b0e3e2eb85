"""What is answered in one turn of the event loop reaches a client in one write."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, cast

import uvicorn

from quantumlayer.gateway.http.connections import Connection

REQUEST = b"GET / HTTP/1.1\r\nhost: test\r\n\r\n"
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Send], Awaitable[None]]


class Recorded:
    """A transport whose writes are noted."""

    def __init__(self, transport: asyncio.Transport, writes: list[bytes]) -> None:
        self._transport = transport
        self._writes = writes

    def write(self, data: bytes) -> None:
        self._writes.append(data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the transport's own
        return getattr(self._transport, name)


@asynccontextmanager
async def served(answer: Application) -> AsyncIterator[tuple[int, list[bytes]]]:
    """The port of a server that answers so, and what it writes."""
    writes: list[bytes] = []

    async def application(scope: Any, receive: Any, send: Send) -> None:  # noqa: ANN401 - ASGI's
        del scope, receive
        await answer(send)

    class Noted(Connection):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
            super().connection_made(cast("asyncio.Transport", Recorded(transport, writes)))

    config = uvicorn.Config(application, port=0, http=Noted, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(60):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1], writes
    finally:
        server.should_exit = True
        await serving


async def answer_of(port: int, request: bytes = REQUEST) -> bytes:
    """All that a server says to a request before it has nothing more to say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(60):
        head = await reader.readuntil(b"\r\n\r\n")
        body = b""
        if b"chunked" in head:
            body = await reader.readuntil(b"0\r\n\r\n")
        elif not request.startswith(b"HEAD"):
            body = await reader.readexactly(5)
    writer.close()
    return head + body


def began(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": 200, "headers": list(headers)}


def more(data: bytes, *, last: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": not last}


async def whole(send: Send) -> None:
    await send(began((b"content-length", b"5")))
    await send(more(b"hello", last=True))


async def test_head_and_body_of_an_answer_are_one_write() -> None:
    async with served(whole) as (port, writes):
        assert (await answer_of(port)).endswith(b"\r\n\r\nhello")
    assert len(writes) == 1


async def test_pieces_that_come_at_different_times_leave_when_they_come() -> None:
    seen = asyncio.Event()

    async def slow(send: Send) -> None:
        await send(began())
        await send(more(b"one"))
        await send(more(b"two"))
        await seen.wait()
        await send(more(b"three", last=True))

    async with served(slow) as (port, writes):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        async with asyncio.timeout(60):
            await reader.readuntil(b"3\r\ntwo\r\n")
            assert len(writes) == 1
            seen.set()
            await reader.readuntil(b"0\r\n\r\n")
        writer.close()
    assert len(writes) == 2


async def test_an_answer_without_a_body_leaves_too() -> None:
    async with served(whole) as (port, _):
        head = await answer_of(port, REQUEST.replace(b"GET", b"HEAD"))
    assert head.endswith(b"content-length: 5\r\n\r\n")


async def test_what_was_written_is_sent_before_the_connection_is_closed() -> None:
    async def last(send: Send) -> None:
        await send(began((b"content-length", b"5"), (b"connection", b"close")))
        await send(more(b"hello", last=True))

    async with served(last) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        async with asyncio.timeout(60):
            assert (await reader.read()).endswith(b"hello")
        writer.close()


async def test_a_client_that_is_gone_in_mid_answer_ends_quietly() -> None:
    gone, ended = asyncio.Event(), asyncio.Event()

    async def long(send: Send) -> None:
        await send(began())
        await send(more(b"one"))
        await gone.wait()
        for _ in range(100):
            await send(more(b"x" * 1_000))
            await asyncio.sleep(0)
        ended.set()

    async with served(long) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        async with asyncio.timeout(60):
            await reader.readuntil(b"one\r\n")
            writer.transport.abort()
            gone.set()
            await ended.wait()
