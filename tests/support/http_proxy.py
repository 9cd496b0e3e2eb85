"""A forward proxy on loopback, as companies have them: for plain requests and for tunnels."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class HttpProxy:
    """Passes on what is asked for, and remembers the request lines.

    With a `refusal` such as `407 Proxy Authentication Required` it leads nobody anywhere.
    """

    def __init__(self, refusal: str | None = None) -> None:
        self.asked: list[str] = []
        self.url = ""
        self._refusal = refusal

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one tunnel, or one request."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            line, _, rest = head.partition(b"\r\n")
            self.asked.append(line.decode())
            if self._refusal is not None:
                writer.write(f"HTTP/1.1 {self._refusal}\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
                return
            method, url, version = line.split(b" ")
            tunnel = method == b"CONNECT"
            parts = urlsplit(("//" if tunnel else "") + url.decode())
            onward_reader, onward = await asyncio.open_connection(parts.hostname, parts.port)
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                onward.write(b" ".join((method, path.encode(), version)) + b"\r\n" + rest)
            passing = asyncio.create_task(_pass(reader, onward))
            await _pass(onward_reader, writer)
            passing.cancel()
            onward.close()
        except (OSError, asyncio.IncompleteReadError):
            pass  # whoever went away needs nothing more
        finally:
            writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def http_proxy(refusal: str | None = None) -> AsyncIterator[HttpProxy]:
    """A proxy on a port of its own."""
    proxy = HttpProxy(refusal)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
