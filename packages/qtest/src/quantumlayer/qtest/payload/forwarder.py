"""Runs inside an installer's sandbox, before the installer: the near side of the door.

usage: forwarder.py DOOR PROXY_PORT MIRRORS COMMAND… Listens on the sandbox's own loopback and
passes bytes to the door, a Unix socket. MIRRORS are registries on the host's loopback, host:port
separated by commas: some tools never ask a proxy for those, so the same ports lead there from here.
"""

import asyncio
import contextlib
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable

CHUNK_BYTES = 256 * 1024
FIRST_SIGNAL = 128


async def pump(source: StreamReader, target: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(CHUNK_BYTES):
            target.write(chunk)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()


def forwarding(door: str, mirror: str) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    """What to do with a connection: to the proxy itself, or through it to a mirror."""

    async def forward(reader: StreamReader, writer: StreamWriter) -> None:
        # Connections that are open when the installer ends are cancelled: told, that would stand
        # among what the installer said.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            from_door, to_door = await asyncio.open_unix_connection(door)
            answer = b""
            if mirror:
                to_door.write(f"CONNECT {mirror} HTTP/1.1\r\n\r\n".encode())
                answer = await from_door.readuntil(b"\r\n\r\n")
            if not mirror or answer.split(b" ")[1:2] == [b"200"]:
                await asyncio.gather(pump(reader, to_door), pump(from_door, writer))
            to_door.close()
        writer.close()

    return forward


async def main() -> int:
    door, port, mirrors, *command = sys.argv[1:]
    await asyncio.start_server(forwarding(door, ""), "127.0.0.1", int(port))
    for mirror in filter(None, mirrors.split(",")):
        host, _, own_port = mirror.rpartition(":")
        place = "localhost" if host.endswith("localhost") else host.strip("[]")
        await asyncio.start_server(forwarding(door, mirror), place, int(own_port))
    process = await asyncio.create_subprocess_exec(*command)
    status = await process.wait()
    return status if status >= 0 else FIRST_SIGNAL - status


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
