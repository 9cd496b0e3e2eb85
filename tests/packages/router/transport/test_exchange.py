"""One exchange with servers that behave, and with those that do not."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from pydantic import JsonValue

from quantumlayer.router import BadRequest, ProviderUnavailable, RateLimited
from quantumlayer.router.transport import exchange as exchange_module
from quantumlayer.router.transport.event_streams import Comment, ServerEvent
from quantumlayer.router.transport.exchange import (
    Document,
    Piece,
    exchange,
    get_document,
    post_document,
)
from quantumlayer.router.transport.sessions import close_sessions
from quantumlayer.router.transport.targets import Target
from tests.support.raw_server import (
    STREAM,
    Answer,
    RawServer,
    chunk,
    closing,
    raw_server,
    sending,
    streamed,
    whole,
)

EVENT = b'data: {"a": 1}\n\n'
READ = ServerEvent(None, '{"a": 1}')


@pytest.fixture(autouse=True)
async def _no_session_left_open() -> AsyncIterator[None]:
    yield
    await close_sessions()


def target(url: str, **more: str) -> Target:
    return Target(provider="acme", url=url, model="m", url_variable="QL_MODEL_BASE_URL", **more)


async def asked(url: str, **more: str) -> list[Piece]:
    bursts = exchange(target(url, **more), {"X-A": "b"}, {"q": "ä"})
    return [piece async for burst in bursts for piece in burst]


async def answered(answer: Answer) -> list[Piece]:
    async with raw_server(answer) as server:
        return await asked(server.url)


async def test_the_request_is_json_with_the_wires_headers() -> None:
    async with raw_server(streamed(EVENT)) as server:
        assert await asked(server.url) == [READ]
    assert server.bodies == [{"q": "ä"}]
    head = server.heads[0].lower()
    assert head.startswith("post /v1 ")
    assert "x-a: b" in head
    assert "content-type: application/json" in head


async def test_half_a_letter_and_a_giant_number_are_sent_all_the_same() -> None:
    async with raw_server(streamed(EVENT)) as server:
        body: JsonValue = {"half": "a\ud83d", "giant": 2**70}
        assert [burst async for burst in exchange(target(server.url), {}, body)] == [[READ]]
    assert server.bodies == [{"half": "a?", "giant": 2**70}]


async def test_events_come_before_the_stream_has_ended() -> None:
    async with raw_server(streamed(EVENT, hold=True)) as server:
        async with aclosing(exchange(target(server.url), {}, {})) as bursts:
            assert await anext(bursts) == [READ]
        async with asyncio.timeout(10):
            await server.hung_up.wait()


async def test_cancelling_drops_the_connection() -> None:
    async with raw_server(streamed(EVENT, hold=True)) as server:
        asking = asyncio.create_task(asked(server.url))
        await server.asked.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        async with asyncio.timeout(10):
            await server.hung_up.wait()


async def test_an_event_may_come_byte_by_byte() -> None:
    pieces = [chunk(bytes([byte])) for byte in EVENT]
    assert await answered(sending(STREAM, *pieces, b"0\r\n\r\n")) == [READ]


async def test_a_connection_is_used_again() -> None:
    async with raw_server(streamed(EVENT)) as server:
        await asked(server.url)
        await asked(server.url)
        assert (len(server.heads), server.connections) == (2, 1)


async def test_one_document_is_read_whatever_it_calls_itself() -> None:
    body = b'\xef\xbb\xbf {"a": [1]}'
    assert await answered(whole(body)) == [Document({"a": [1]})]
    assert await answered(whole(body, content_type="text/event-stream")) == [Document({"a": [1]})]
    assert await answered(whole(body, content_type="text/plain")) == [Document({"a": [1]})]


async def test_an_event_stream_is_read_whatever_it_calls_itself() -> None:
    assert await answered(whole(EVENT, content_type="text/plain")) == [READ]


async def test_empty_lines_until_a_document_is_ready_are_signs_of_life() -> None:
    assert await answered(streamed(b"\n", 0.05, b"\n", 0.05, b'{"a": 1}')) == [
        Comment(),
        Comment(),
        Document({"a": 1}),
    ]


async def test_compressed_answers_are_read() -> None:
    body = gzip.compress(b'{"a": 1}')
    assert await answered(whole(body, content_encoding="gzip")) == [Document({"a": 1})]
    events = gzip.compress(EVENT)
    assert await answered(whole(events, content_encoding="gzip")) == [READ]


async def test_a_document_that_unpacks_without_end_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange_module, "DOCUMENT_LIMIT", 100_000)
    body = gzip.compress(b"[" + b" " * 10_000_000 + b"]")
    with pytest.raises(ProviderUnavailable, match="more than 100000 bytes"):
        await answered(whole(body, content_encoding="gzip"))


async def test_a_line_without_end_is_bounded() -> None:
    giant = [chunk(b"data: "), *[chunk(b"x" * 1_000_000)] * 10]
    with pytest.raises(ProviderUnavailable, match="line of more than"):
        await answered(sending(STREAM, *giant, hold=True))


@pytest.mark.parametrize(
    "answer",
    [
        streamed(EVENT, reset=True),
        closing(STREAM, chunk(EVENT), b"20\r\ndata: half a chu"),
        closing(b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n", EVENT),
    ],
)
async def test_what_came_before_a_cut_is_given(answer: Answer) -> None:
    async with raw_server(answer) as server:
        bursts = exchange(target(server.url), {}, {})
        assert await anext(bursts) == [READ]
        with pytest.raises(ProviderUnavailable, match="broke the connection off"):
            await anext(bursts)


async def test_a_reset_before_any_answer_is_unavailable() -> None:
    with pytest.raises(ProviderUnavailable, match="broke the connection off"):
        await answered(sending(reset=True))


async def test_half_a_document_is_no_answer() -> None:
    with pytest.raises(ProviderUnavailable, match="no model's reply"):
        await answered(whole(b'{"a": '))


async def test_a_page_is_no_answer() -> None:
    page = b"<!DOCTYPE html><html><head><title>Welcome</title></head></html>"
    with pytest.raises(ProviderUnavailable, match="no model's reply: Welcome; set QL_MODEL_BASE"):
        await answered(whole(page, content_type="text/html"))


async def test_what_is_no_http_is_unavailable() -> None:
    with pytest.raises(ProviderUnavailable):
        await answered(closing(b"+OK Redis\r\n\r\n"))


async def test_no_redirect_is_followed() -> None:
    async with raw_server(streamed(EVENT)) as elsewhere:
        away = whole(b"", status="307 Away", location=f"{elsewhere.url}?token=s")
        with pytest.raises(BadRequest, match=f"redirects to {elsewhere.url} .*not followed"):
            await answered(away)
        assert elsewhere.heads == []


async def test_an_error_is_read_and_its_connection_dropped() -> None:
    body = json.dumps({"error": {"message": "slow down"}}).encode()
    refusal = whole(body, status="429 Slow", retry_after="3")
    with pytest.raises(RateLimited, match="slow down") as caught:
        await answered(refusal)
    assert caught.value.retry_after == 3


async def test_an_error_with_half_its_words_is_still_that_error() -> None:
    half = sending(b"HTTP/1.1 503 No\r\ncontent-length: 400\r\n\r\nno capacity", reset=True)
    with pytest.raises(ProviderUnavailable, match=r"acme failed \(503\)"):
        await answered(half)


async def test_an_error_without_end_is_cut() -> None:
    endless = sending(
        b"HTTP/1.1 500 No\r\ncontent-length: 99999999\r\n\r\n", *[b"x" * 10_000] * 20, hold=True
    )
    with pytest.raises(ProviderUnavailable, match="failed"):
        await answered(endless)


def _nowhere() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}/v1"


async def test_nobody_there_is_said_with_what_to_set() -> None:
    with pytest.raises(
        ProviderUnavailable,
        match=r"cannot be reached \(connection refused\); set QL_MODEL_BASE_URL",
    ):
        await asked(_nowhere())


async def test_a_name_that_does_not_exist_is_said() -> None:
    with pytest.raises(ProviderUnavailable, match="cannot be reached"):
        await asked("http://no-such-host.invalid/v1")


async def test_a_server_that_lets_nobody_in_is_said_in_two_seconds() -> None:
    # A full backlog drops what else comes, as a firewall does.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        began = time.monotonic()
        with pytest.raises(ProviderUnavailable, match="no answer to the attempt to connect"):
            await asked(f"http://127.0.0.1:{full.getsockname()[1]}/v1")
        # The limit of the requirement itself, not a measure of this machine.
        assert time.monotonic() - began < 2.5
        for each in waiting:
            each.close()


async def test_an_address_that_is_none_is_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="no address"):
        await asked("models.example/v1")


async def test_the_environments_proxy_is_not_used_and_a_configured_one_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", _nowhere())
    monkeypatch.setenv("http_proxy", _nowhere())
    assert await answered(streamed(EVENT)) == [READ]
    async with raw_server(streamed(EVENT)) as proxy:
        assert await asked("http://models.invalid/v1", proxy=_root(proxy)) == [READ]
        assert proxy.heads[0].startswith("POST http://models.invalid/v1 ")


def _root(server: RawServer) -> str:
    return server.url.removesuffix("/v1")


async def test_a_document_is_fetched_within_its_limit() -> None:
    async with raw_server(whole(b'{"data": []}'), sending(hold=True)) as server:
        assert await get_document(target(server.url), {}, 5) == {"data": []}
        with pytest.raises(TimeoutError):
            await get_document(target(server.url), {}, 0.2)


async def test_a_document_is_posted_for_once_and_within_its_limit() -> None:
    late = streamed(b"\n", 0.05, b'{"tokens": 3}')
    async with raw_server(late, sending(hold=True)) as server:
        assert await post_document(target(server.url), {"X-A": "b"}, {"q": 1}, 5) == {"tokens": 3}
        assert server.bodies == [{"q": 1}]
        with pytest.raises(TimeoutError):
            await post_document(target(server.url), {}, {}, 0.2)


@pytest.mark.parametrize("answer", [streamed(EVENT, hold=True), streamed(b"\n")])
async def test_events_and_nothing_are_no_document(answer: Answer) -> None:
    async with raw_server(answer) as server:
        with pytest.raises(ProviderUnavailable, match="acme did not answer with a document"):
            await post_document(target(server.url), {}, {}, 5)
