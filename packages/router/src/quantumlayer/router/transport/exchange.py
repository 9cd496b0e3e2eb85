"""One request to a model server and the pieces of its answer: events, or one document."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

import aiohttp
import orjson
from pydantic import JsonValue

from quantumlayer.router.errors import ProviderUnavailable
from quantumlayer.router.transport import failures
from quantumlayer.router.transport.event_streams import Comment, EventStream, ServerEvent
from quantumlayer.router.transport.sessions import session
from quantumlayer.router.transport.targets import Target

DOCUMENT_LIMIT = 32 * 1024 * 1024
_ERROR_LIMIT = 64 * 1024
_REDIRECTS = range(300, 400)
_EVENT_LINE = re.compile(rb"(?:data|event|id|retry)?:")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Document:
    """An answer that came as one JSON document, though a stream was asked for."""

    body: JsonValue


Piece = ServerEvent | Comment | Document
Burst = list[Piece]
"""At least one piece: what came together goes on together, since each trip costs its time."""


async def exchange(
    target: Target, headers: Mapping[str, str], body: JsonValue
) -> AsyncGenerator[Burst, None]:
    """Posts `body` once and gives what comes back, as it comes; closing drops the connection.

    No redirect is followed: the key would go to an address that nobody configured. Raises the
    `RouterError` that a status, a body or the loss of the connection means. A stream that ends
    early but cleanly is for the reader of its events to notice.
    """
    try:
        async with session().post(
            target.url,
            data=_written(body),
            headers={"Content-Type": "application/json", **headers},
            allow_redirects=False,
            proxy=target.proxy,
        ) as response:
            if response.status // 100 != 2:
                raise await _refused(target, response)
            async with aclosing(_bursts(target, response)) as bursts:
                async for burst in bursts:
                    yield burst
    except aiohttp.ClientError as error:
        raise failures.lost(target, error) from None


async def post_document(
    target: Target, headers: Mapping[str, str], body: JsonValue, timeout_seconds: float
) -> JsonValue:
    """Posts `body` once and gives the JSON document that it is answered with.

    Raises what `exchange` raises, `ProviderUnavailable` where events or nothing comes, and
    TimeoutError after `timeout_seconds`.
    """
    posted = exchange(target, headers, body)
    async with asyncio.timeout(timeout_seconds), aclosing(posted) as bursts:
        async for [piece, *_] in bursts:
            if isinstance(piece, Document):
                return piece.body
            if isinstance(piece, ServerEvent):
                break
    raise ProviderUnavailable(f"{target.provider} did not answer with a document")


async def get_document(
    target: Target, headers: Mapping[str, str], timeout_seconds: float
) -> JsonValue:
    """What stands at the target, as JSON.

    Raises what `exchange` raises, and TimeoutError after `timeout_seconds`.
    """
    try:
        async with session().get(
            target.url,
            headers=headers,
            allow_redirects=False,
            proxy=target.proxy,
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
        ) as response:
            if response.status // 100 != 2:
                raise await _refused(target, response)
            return _parsed(target, await _bounded(target, response))
    except aiohttp.ClientError as error:
        raise failures.lost(target, error) from None


def _written(body: JsonValue) -> bytes:
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError:
        # Half a letter, as models write them, or a number that no computer word holds.
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


async def _refused(target: Target, response: aiohttp.ClientResponse) -> Exception:
    if response.status in _REDIRECTS:
        return failures.redirected(target, response.status, response.headers.get("Location", ""))
    body = b""
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) >= _ERROR_LIMIT:
                break
    except aiohttp.ClientError:
        pass  # The status says what went wrong, with or without the rest of its words.
    return failures.refused(target, response.status, response.headers, body[:_ERROR_LIMIT])


async def _bursts(target: Target, response: aiohttp.ClientResponse) -> AsyncGenerator[Burst, None]:
    """Events, unless the first byte that is no white space shows something else."""
    chunks = response.content.iter_any()
    begin = b""
    async for chunk in chunks:
        begin = (begin + chunk).removeprefix(_BOM)
        if begin.lstrip():
            break
        # Some servers send empty lines until their document is ready.
        begin = begin[:2]
        yield [Comment()]
    if _is_document(begin.lstrip(), response.content_type):
        yield [Document(_parsed(target, await _bounded(target, response, begin)))]
        return
    stream = EventStream()
    for burst in _fed(stream, begin):
        yield burst
    async for chunk in chunks:
        for burst in _fed(stream, chunk):
            yield burst
    rest: Burst = [*stream.end()]
    if rest:
        yield rest


def _fed(stream: EventStream, chunk: bytes) -> Iterator[Burst]:
    """What a chunk completes, if anything; before a line without end, what came in front of it."""
    burst: Burst = []
    try:
        burst += stream.feed(chunk)
    except ProviderUnavailable:
        if burst:
            yield burst
        raise
    if burst:
        yield burst


def _is_document(begin: bytes, content_type: str) -> bool:
    # No line of an event stream begins with these, and a page of HTML is none either.
    if begin[:1] in {b"{", b"[", b"<"}:
        return True
    return content_type == "application/json" and not _EVENT_LINE.match(begin)


async def _bounded(target: Target, response: aiohttp.ClientResponse, begin: bytes = b"") -> bytes:
    parts, size = [begin], len(begin)
    async for chunk in response.content.iter_any():
        parts.append(chunk)
        size += len(chunk)
        if size > DOCUMENT_LIMIT:
            raise ProviderUnavailable(
                f"{target.provider} sent a reply of more than {DOCUMENT_LIMIT} bytes"
            )
    return b"".join(parts)


def _parsed(target: Target, body: bytes) -> JsonValue:
    try:
        parsed: JsonValue = orjson.loads(body.removeprefix(_BOM))
    except orjson.JSONDecodeError:
        raise failures.unreadable(target, body) from None
    return parsed
