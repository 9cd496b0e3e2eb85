"""Answers as bytes: a small JSON header, then the chunks; deflated when that is worth it.

1 byte   "r" raw or "z" deflated (RFC 1950), for all that follows
4 bytes  length of the header, big-endian
header   {"name", "status", "headers", "streamed", "sizes"}
chunks   one behind the other, as long as `sizes` says
"""

import asyncio
import zlib

import orjson

from quantumlayer.router.answers.nouns import Answer

_RAW, _DEFLATED = b"r", b"z"
_DEFLATE_FROM = 2048
# Level 1 finds nearly all that there is to find in JSON and server-sent events.
_LEVEL = 1
_THREAD_FROM = 128 * 1024


class UnreadableAnswer(ValueError):  # noqa: N818 - the name says what happened
    """Bytes that are no answer under this name."""


def pack(name: str, answer: Answer) -> bytes:
    """The bytes of a complete answer; `name` is asked for again when they are read."""
    header = orjson.dumps(
        {
            "name": name,
            "status": answer.status,
            "headers": answer.headers,
            "streamed": answer.streamed,
            "sizes": [len(chunk) for chunk in answer.chunks],
        }
    )
    plain = b"".join([len(header).to_bytes(4, "big"), header, *answer.chunks])
    if len(plain) >= _DEFLATE_FROM:
        deflated = zlib.compress(plain, _LEVEL)
        if len(deflated) < len(plain):
            return _DEFLATED + deflated
    return _RAW + plain


def unpack(name: str, packed: bytes, most_bytes: int) -> Answer:
    """The answer, when it was packed under this name.

    The name is compared because an answer to somebody else's question must not be given out,
    whatever mixed them up. Raises `UnreadableAnswer`; also for more than `most_bytes`.
    """
    plain = memoryview(_plain(packed, most_bytes))
    try:
        start = 4 + int.from_bytes(plain[:4], "big")
        header = orjson.loads(plain[4:start])
        packed_name, sizes = header["name"], header["sizes"]
        end = start + sum(sizes)
        chunks = []
        for size in sizes:
            chunks.append(bytes(plain[start : start + size]))
            start += size
        answer = Answer(
            status=header["status"],
            headers=tuple((key, value) for key, value in header["headers"]),
            chunks=tuple(chunks),
            streamed=header["streamed"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableAnswer(f"no packed answer: {error}") from error
    if end != len(plain):
        raise UnreadableAnswer("its length is not what it says")
    if packed_name != name:
        raise UnreadableAnswer("it belongs to another name")
    return answer


async def pack_aside(name: str, answer: Answer) -> bytes:
    """`pack`, in a thread when it takes long enough for others to notice."""
    if answer.size < _THREAD_FROM:
        return pack(name, answer)
    return await asyncio.to_thread(pack, name, answer)


async def unpack_aside(name: str, packed: bytes, most_bytes: int) -> Answer:
    """`unpack`, in a thread when it takes long enough for others to notice."""
    if len(packed) < _THREAD_FROM:
        return unpack(name, packed, most_bytes)
    return await asyncio.to_thread(unpack, name, packed, most_bytes)


def _plain(packed: bytes, most_bytes: int) -> bytes:
    kind, content = packed[:1], packed[1:]
    if kind == _RAW:
        return content
    if kind != _DEFLATED:
        raise UnreadableAnswer("of no known kind")
    inflating = zlib.decompressobj()
    try:
        plain = inflating.decompress(content, most_bytes)
    except zlib.error as error:
        raise UnreadableAnswer(str(error)) from error
    if not inflating.eof:
        raise UnreadableAnswer(f"cut off, or more than {most_bytes} bytes")
    return plain
