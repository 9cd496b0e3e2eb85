"""The door of one preview: a port of the loopback, behind which the application answers.

A connection carries one request, so that each has its host looked at; its body, the answer's, and
everything after the start of a WebSocket pass through as they come, of any size.
"""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server

from quantumlayer.qtest.preview.address import LOOPBACK, Address
from quantumlayer.qtest.preview.heads import (
    END,
    SWITCHING,
    Refused,
    answer_from,
    request_for,
    told,
)
from quantumlayer.qtest.registries.door import pumped

HEAD_SECONDS = 30.0
LARGEST_HEAD = 64 * 1024
MOST_CONNECTIONS = 256
NO_ANSWER = "The application of this preview does not answer. What it says is in its log."


@dataclass
class Proxy:
    """An open door. `used` is when it last was, by the loop's clock, `open` by how many it is."""

    address: Address
    socket: Path
    used: float
    open: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve a connection in a task of its own."""
        task = asyncio.ensure_future(self.serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        try:
            if self.open < MOST_CONNECTIONS:
                self.open, self.used = self.open + 1, loop.time()
                try:
                    await self.answer(reader, writer)
                finally:
                    self.open, self.used = self.open - 1, loop.time()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(OSError):
                writer.close()

    async def answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One request, from its head to the end of its answer."""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                raw = await reader.readuntil(END)
            request = request_for(self.address, raw)
        except Refused as refused:
            writer.write(told(refused.status, str(refused)))
            await writer.drain()
            return
        except asyncio.LimitOverrunError:
            writer.write(told("431 Request Header Fields Too Large", "The head is too large."))
            await writer.drain()
            return
        except (TimeoutError, asyncio.IncompleteReadError):
            return
        try:
            there, to_there = await asyncio.open_unix_connection(self.socket, limit=LARGEST_HEAD)
        except OSError:
            writer.write(told("502 Bad Gateway", NO_ANSWER))
            await writer.drain()
            return
        onward: asyncio.Future[None] | None = None
        try:
            to_there.write(request)
            onward = asyncio.ensure_future(pumped(reader, to_there))
            if await self.begun(there, writer):
                await pumped(there, writer)
        finally:
            if onward is not None:
                onward.cancel()
            to_there.close()

    async def begun(self, there: StreamReader, writer: StreamWriter) -> bool:
        """Send the head of the answer; whether there is one."""
        status = 100
        try:
            while 100 <= status < 200 and status != SWITCHING:
                status, head = answer_from(self.address, await there.readuntil(END))
                writer.write(head)
        except (ValueError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.write(told("502 Bad Gateway", NO_ANSWER))
            await writer.drain()
            return False
        await writer.drain()
        return True


@asynccontextmanager
async def opened(
    socket: Path, *, port: int = 0, framed_by: tuple[str, ...] = (), withheld: tuple[str, ...] = ()
) -> AsyncIterator[Proxy]:
    """Serve a fresh address that leads to the application at `socket`; 0 is any free port.

    When the body ends, every connection is cut, and the address means nothing any more.
    """
    listener = create_server((LOOPBACK, port))
    address = Address(port=listener.getsockname()[1], framed_by=framed_by, withheld=withheld)
    proxy = Proxy(address, socket, asyncio.get_running_loop().time())
    server = await asyncio.start_server(proxy.take, sock=listener, limit=LARGEST_HEAD)
    try:
        yield proxy
    finally:
        server.close()
        for task in list(proxy.tasks):
            task.cancel()
        await asyncio.gather(*proxy.tasks, return_exceptions=True)
