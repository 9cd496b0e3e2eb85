"""A provider that answers at once: raw HTTP over asyncio, in a process of its own.

    python -m benchmarks.gateway_sides.mock PORT

An answer has as many words as the request's `max_tokens`, and costs next to nothing to make. As
providers do, a streamed one comes word by word, and one that is not comes whole. Without more, all
words of a stream leave in one piece; `"seed": n` sends one every n milliseconds instead.
"""

import asyncio
import json
import re
import sys
from functools import cache
from typing import cast

import uvloop

WORD = " word"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_STREAMED = re.compile(rb'"stream": ?true')
_WORDS = re.compile(rb'"max_(?:completion_)?tokens": ?(\d+)')
_PACE = re.compile(rb'"seed": ?(\d+)')
_HEAD = {
    "id": "chatcmpl-benchmark",
    "created": 1_700_000_000,
    "model": "benchmark",
    "system_fingerprint": "fp_1",
}
_INPUT_TOKENS = 20


class Mock(asyncio.Protocol):
    """One connection; requests come one after the other."""

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n") + 4
        if end < 4:
            return
        length = _LENGTH.search(self._received, 0, end)
        whole = end + (int(length[1]) if length else 0)
        if len(self._received) >= whole:
            body, self._received = self._received[end:whole], self._received[whole:]
            self._answer(body)

    def _answer(self, body: bytes) -> None:
        found, paced = _WORDS.search(body), _PACE.search(body)
        words = int(found[1]) if found else 1
        if _STREAMED.search(body) is None:
            self._transport.write(document(words))
        elif paced is None:
            self._transport.write(b"".join(stream(words)))
        else:
            head, first, *rest = stream(words)
            self._transport.write(head + first)
            self._pace(rest, int(paced[1]) / 1000)

    def _pace(self, pieces: list[bytes], seconds: float) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number, piece in enumerate(pieces, 1):
            loop.call_at(begun + number * seconds, self._transport.write, piece)


@cache
def document(words: int) -> bytes:
    """The answer in one piece."""
    message = {"role": "assistant", "content": WORD * words, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    body = {**_HEAD, "object": "chat.completion", "choices": [choice], "usage": _usage(words)}
    written = json.dumps(body, separators=(",", ":")).encode()
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(written) + written


@cache
def stream(words: int) -> tuple[bytes, ...]:
    """The answer's head, a piece for each word, and its end."""
    chunks = [_chunk({"role": "assistant", "content": "", "refusal": None})]
    chunks += [_chunk({"content": WORD}) for _ in range(words)]
    counts = {**_HEAD, "object": "chat.completion.chunk", "choices": [], "usage": _usage(words)}
    end = [_chunk({}, "stop"), _event(counts), _sized(b"data: [DONE]\n\n"), b"0\r\n\r\n"]
    head = (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    return (head + chunks[0], *chunks[1:], b"".join(end))


def _chunk(delta: dict[str, object], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return _event({**_HEAD, "object": "chat.completion.chunk", "choices": [choice]})


def _event(said: dict[str, object]) -> bytes:
    return _sized(b"data: " + json.dumps(said, separators=(",", ":")).encode() + b"\n\n")


def _sized(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _usage(words: int) -> dict[str, object]:
    return {
        "prompt_tokens": _INPUT_TOKENS,
        "completion_tokens": words,
        "total_tokens": _INPUT_TOKENS + words,
    }


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Mock, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
