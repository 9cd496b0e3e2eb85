"""Small probes: enough of each protocol to know that a server serves, and nothing more."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from urllib.parse import unquote, urlsplit, urlunsplit

import orjson

from quantumlayer.cli.platform.parts import UnhealthyError


@contextlib.asynccontextmanager
async def _connection(
    host: str, port: int
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        raise UnhealthyError(f"{host}:{port} does not answer ({error.strerror or error})") from None
    try:
        yield reader, writer
    except (OSError, EOFError) as error:
        raise UnhealthyError(f"{host}:{port} broke off ({error})") from None
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def tcp_answers(host: str, port: int) -> None:
    """Raise `UnhealthyError` unless somebody accepts a connection."""
    async with _connection(host, port):
        pass


async def http_answer(url: str) -> tuple[int, bytes]:
    """Status and body behind a plain http URL; raises `UnhealthyError` when there are none."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    async with _connection(host, port) as (reader, writer):
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode("ascii"))
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        body = await reader.read()
    status = head[0].split(b" ", 2)[1] if head[0].count(b" ") else head[0]
    if not status.isdigit():
        raise UnhealthyError(f"{url} answers {status.decode('ascii', 'replace')}")
    return int(status), body


async def http_json(url: str) -> dict[str, object]:
    """The JSON object behind a plain http URL that sends its length or closes after it."""
    status, body = await http_answer(url)
    if status != HTTPStatus.OK:
        raise UnhealthyError(f"{url} answers {status}")
    answer = json_object(body)
    if answer is None:
        raise UnhealthyError(f"{url} answers without a JSON object")
    return answer


def json_object(body: bytes) -> dict[str, object] | None:
    """The JSON object in a body, perhaps between the lengths of its chunks."""
    start, end = body.find(b"{"), body.rfind(b"}")
    try:
        found = orjson.loads(body[start : end + 1])
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


async def redis_version(url: str) -> str:
    """The version of the Redis server at a redis:// URL, after it has taken our password."""
    parts = urlsplit(url)
    commands = []
    if parts.password:
        user = [unquote(parts.username)] if parts.username else []
        commands.append(["AUTH", *user, unquote(parts.password)])
    commands.append(["INFO", "server"])
    async with _connection(parts.hostname or "127.0.0.1", parts.port or 6379) as (reader, writer):
        reply = b""
        for command in commands:
            writer.write(_resp(command))
            await writer.drain()
            reply = await _resp_reply(reader)
    for line in reply.splitlines():
        if line.startswith(b"redis_version:"):
            return line.partition(b":")[2].decode("ascii").strip()
    raise UnhealthyError("the server at the Redis address does not say its version")


def _resp(words: list[str]) -> bytes:
    encoded = [word.encode() for word in words]
    lengths = [b"$%d\r\n%b\r\n" % (len(word), word) for word in encoded]
    return b"*%d\r\n%b" % (len(words), b"".join(lengths))


async def _resp_reply(reader: asyncio.StreamReader) -> bytes:
    line = (await reader.readuntil(b"\r\n")).rstrip()
    if line.startswith(b"-"):
        raise UnhealthyError(f"Redis answers {line[1:].decode('utf-8', 'replace')}")
    if line.startswith(b"$"):
        return await reader.readexactly(int(line[1:]) + 2)
    return line


def without_password(url: str) -> str:
    """The same URL for people to read: without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
