"""A small HTTP server at a Unix socket: what stands for an application that has been started."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qtest.delivered.state import Executed, State


@dataclass(frozen=True)
class Reply:
    """What is answered; nothing at all where the status is 0."""

    status: int
    media_type: str
    body: str
    location: str = ""


Replying = Callable[[str, str, bytes, str], Reply]


@dataclass(frozen=True)
class Here:
    """A started application, as the rungs know it."""

    socket: Path
    joins: bool = False

    async def state(self) -> State:
        """It runs."""
        return State(running=True)

    async def log(self) -> str:
        """It says nothing."""
        return ""

    async def signal(self, number: int) -> None:
        """It hears nothing."""

    async def execute(self, command: Sequence[str], seconds: float) -> Executed:  # noqa: ARG002 - of `Running`
        """It has no container, so no command ends in it."""
        return Executed(status=None, output="")


@asynccontextmanager
async def served(reply: Replying, socket: Path) -> AsyncIterator[None]:
    """Answer requests, given by method, path, body and who asks, while the body runs."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await answer(reply, reader, writer)
        writer.close()

    server = await asyncio.start_unix_server(serve, socket)
    try:
        yield
    finally:
        server.close()


async def answer(
    reply: Replying, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """One request of a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    method, path, _ = lines[0].split(" ")
    lengths = [int(line.partition(":")[2]) for line in lines
               if line.lower().startswith("content-length:")]  # fmt: skip
    body = await reader.readexactly(lengths[0]) if lengths else b""
    asking = next((line for line in lines if line.lower().startswith("authorization:")), "")
    who = asking.partition(":")[2].strip()
    said = reply(method, path.partition("?")[0], body, who)
    if said.status == 0:
        await asyncio.sleep(60)
        return
    content = said.body.encode()
    leads = f"Location: {said.location}\r\n" if said.location else ""
    writer.write(
        f"HTTP/1.1 {said.status} OK\r\nContent-Type: {said.media_type}\r\n{leads}"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
        + content
    )
    await writer.drain()
