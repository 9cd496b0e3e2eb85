"""The door of a preview, in front of a real application at a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, unix_serve

from quantumlayer.qtest.preview.proxy import Proxy, opened
from tests.packages.qtest.delivered.small_server import Reply, served

LARGE = 24 * 1024 * 1024


@pytest.fixture
def socket(tmp_path: Path) -> Path:
    return tmp_path / "socket"


def client(proxy: Proxy) -> httpx.AsyncClient:
    """Asks as a browser would that has found the name."""
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{proxy.address.port}", timeout=20, trust_env=False,
        headers={"host": proxy.address.host},
    )  # fmt: skip


@asynccontextmanager
async def streaming(socket: Path, gate: asyncio.Event) -> AsyncIterator[None]:
    """Counts a body, and answers in two parts, of which the second waits."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        taken = 0
        while taken < length:
            taken += len(await reader.read(65536))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        writer.write(b"first\n")
        await writer.drain()
        await gate.wait()
        writer.write(str(taken).encode())
        writer.close()

    server = await asyncio.start_unix_server(serve, socket)
    try:
        yield
    finally:
        server.close()


async def test_the_application_answers_under_the_name_of_the_preview_alone(socket: Path) -> None:
    page = Reply(200, "text/html", "<h1>Notes</h1>")
    async with served(lambda *_: page, socket), opened(socket) as proxy, client(proxy) as browser:
        # when
        answer = await browser.get("/")
        # then
        assert (answer.status_code, answer.text) == (200, "<h1>Notes</h1>")
        for name in (f"127.0.0.1:{proxy.address.port}", "evil.example", "localhost"):
            refused = await browser.get("/", headers={"host": name})
            assert (refused.status_code, "Notes" in refused.text) == (421, False)


def listening_at(port: int) -> list[str]:
    """The addresses at which anybody of this machine listens at a port, as the kernel has them."""
    tables = (Path("/proc/net") / name for name in ("tcp", "tcp6"))
    rows = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"]


async def test_it_listens_on_the_loopback_and_no_longer_than_it_lives(socket: Path) -> None:
    async with opened(socket) as proxy:
        port = proxy.address.port
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        bound = listening_at(port)
        writer.close()
    assert bound == [f"0100007F:{port:04X}"]
    with pytest.raises(OSError, match=r"refused|failed"):
        await asyncio.open_connection("127.0.0.1", port)


async def test_bodies_of_any_size_and_streams_pass_through(socket: Path) -> None:
    gate = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        for _ in range(LARGE // 65536):
            yield b"x" * 65536

    async with streaming(socket, gate), opened(socket) as proxy, client(proxy) as browser:
        length = {"content-length": str(LARGE)}
        async with browser.stream("POST", "/", content=body(), headers=length) as answer:
            parts = answer.aiter_text()
            assert await anext(parts) == "first\n"
            gate.set()
            assert await anext(parts) == str(LARGE)


async def test_websockets_pass_through_both_ways(socket: Path) -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(f"heard {message!s}")

    async with unix_serve(echo, str(socket)), opened(socket) as proxy:
        url = f"ws://{proxy.address.host}/live"
        async with connect(url, host="127.0.0.1", proxy=None) as line:
            for word in ("milk", "x" * 200_000):
                await line.send(word)
                assert await line.recv() == f"heard {word}"
        assert proxy.open == 0 or await until_unused(proxy)


async def until_unused(proxy: Proxy) -> bool:
    for _ in range(100):
        if proxy.open == 0:
            return True
        await asyncio.sleep(0.05)
    return False


@pytest.mark.parametrize("said", [b"", b"hello\r\n\r\n"])
async def test_an_application_that_does_not_answer_is_told(said: bytes, socket: Path) -> None:
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    server = await asyncio.start_unix_server(silent, socket)
    async with opened(socket) as proxy, client(proxy) as browser:
        answer = await browser.get("/")
        assert (answer.status_code, "does not answer" in answer.text) == (502, True)
    server.close()
