"""The load maker counts what the mock provider answers, and what it does not."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from benchmarks.gateway_sides.load import Job, perform
from benchmarks.gateway_sides.mock import Mock

KEY = "ql_key"


@asynccontextmanager
async def serving(protocol: Callable[[], asyncio.Protocol]) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def job(port: int, requests: int = 30, more: dict[str, object] | None = None) -> Job:
    message = {"role": "user", "content": "NUMBER"}
    body = json.dumps({"messages": [message], "max_tokens": 4, **(more or {})})
    return Job(port, KEY, body, connections=2, requests=requests, seconds=20)


@pytest.mark.parametrize("more", [{}, {"stream": True}, {"stream": True, "seed": 1}])
async def test_every_answer_is_counted_whole_streamed_or_paced(more: dict[str, object]) -> None:
    async with serving(Mock) as port:
        result = await perform(job(port, more=more))
    assert (result.answered, result.failed) == (30, 0)
    assert len(result.first) == len(result.whole) == 99
    assert 0 < result.first[49] <= result.whole[49] < result.seconds


async def test_a_paced_stream_takes_its_time() -> None:
    async with serving(Mock) as port:
        result = await perform(job(port, 3, {"stream": True, "seed": 50}))
    # the first word leaves at once, three more and the end follow
    assert result.first[49] < result.whole[0] - 0.1


class Refusing(asyncio.Protocol):
    """Answers everything with a refusal."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - whatever was asked
        self._transport.write(b"HTTP/1.1 429 Too Many\r\ncontent-length: 4\r\n\r\nstop")


class Hanging(Refusing):
    """Closes the connection in the middle of an answer."""

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - whatever was asked
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n")
        self._transport.close()


@pytest.mark.parametrize(
    ("server", "said"), [(Refusing, "429 Too Many"), (Hanging, "the connection was lost")]
)
async def test_what_is_no_answer_is_a_failure_with_its_words(
    server: type[asyncio.Protocol], said: str
) -> None:
    async with serving(server) as port:
        result = await perform(job(port, 2))
    assert (result.answered, result.failed) == (0, 2)
    assert said in result.failure
