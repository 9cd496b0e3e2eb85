"""A TCP proxy on loopback that breaks connections when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class CuttingProxy:
    """Passes bytes on to `target`; `cut_after` bytes of answers a connection breaks, once."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname, parts.port
        self._writers: set[asyncio.StreamWriter] = set()
        self.url = ""
        self.cut_after: int | None = None
        self.cuts = 0

    def cut(self) -> None:
        """Breaks every connection there is."""
        for writer in list(self._writers):
            writer.transport.abort()
        self.cuts += 1

    async def connected(self, seconds: float) -> None:
        """Wait for a connection that lasts for so long."""
        async with asyncio.timeout(60):
            while True:
                before = set(self._writers)
                await asyncio.sleep(seconds)
                if before & self._writers:
                    return

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        upstream_reader, upstream_writer = await asyncio.open_connection(self._host, self._port)
        pair = {writer, upstream_writer}
        self._writers |= pair
        try:
            await asyncio.gather(
                self._pass(reader, upstream_writer), self._pass_back(upstream_reader, writer)
            )
        except OSError:
            pass
        finally:
            self._writers -= pair
            for one in pair:
                one.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _pass_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = 0
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
            sent += len(data)
            if self.cut_after is not None and sent > self.cut_after:
                self.cut_after = None
                self.cut()
                return
        writer.close()


@asynccontextmanager
async def cutting_proxy(target: str, port: int = 0) -> AsyncIterator[CuttingProxy]:
    """A proxy to the server at the URL `target`, on a `port` of its own unless one is named."""
    proxy = CuttingProxy(target)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", port)
    port = server.sockets[0].getsockname()[1]
    proxy.url = f"http://127.0.0.1:{port}"
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()
        await asyncio.sleep(0)
