"""Heads on their way between a browser and a preview."""

import pytest

from quantumlayer.qtest.preview.address import Address
from quantumlayer.qtest.preview.heads import Refused, answer_from, request_for

HERE = Address(port=4000, name="abc.localhost", withheld=("ql_session",))
HOST = b"Host: abc.localhost:4000"


def request(*lines: bytes, first: bytes = b"GET /a?b=c HTTP/1.1") -> bytes:
    return b"\r\n".join((first, *lines)) + b"\r\n\r\n"


def test_every_preview_has_a_name_that_nobody_can_guess() -> None:
    names = {Address(port=1).name for _ in range(50)}
    assert len(names) == 50
    assert all(len(name.removesuffix(".localhost")) == 32 for name in names)


def test_a_request_is_passed_on_as_it_is_and_alone_on_its_connection() -> None:
    asked = request_for(HERE, request(HOST, b"X-Word:  two  words ", b"Connection: keep-alive"))
    assert asked == (
        b"GET /a?b=c HTTP/1.1\r\nHost: abc.localhost:4000\r\nX-Word: two  words\r\n"
        b"Connection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        (b"Host: 127.0.0.1:4000",),
        (b"Host: localhost:4000",),
        (b"Host: evil.example",),
        (b"Host: abc.localhost",),
        (b"Host: abc.localhost:4001",),
        (b"Host: x.abc.localhost:4000",),
        (HOST, b"Host: evil.example"),
        (HOST, HOST),
    ],
)
def test_another_name_is_refused(hosts: tuple[bytes, ...]) -> None:
    with pytest.raises(Refused) as refused:
        request_for(HERE, request(*hosts))
    assert refused.value.status.startswith("421")


def test_names_are_the_same_however_they_are_written() -> None:
    assert request_for(HERE, request(b"hOST: ABC.localhost:4000")).startswith(b"GET /a")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\r\n\r\n",
        request(HOST, first=b"GET http://evil.example/ HTTP/1.1"),
        request(HOST, first=b"CONNECT evil.example:443 HTTP/1.1"),
        request(HOST, first=b"PRI * HTTP/2.0"),
        request(HOST, b" folded: x"),
        request(HOST, b"X: a\nHost: evil.example"),
        request(HOST, b"Host : evil.example"),
    ],
)
def test_what_is_no_request_to_a_server_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused) as refused:
        request_for(HERE, raw)
    assert refused.value.status.startswith("400")


def test_cookies_of_others_are_kept_from_the_application_both_ways() -> None:
    asked = request_for(HERE, request(HOST, b"Cookie: a=1; ql_session=secret; b=2"))
    assert b"Cookie: a=1; b=2\r\n" in asked
    assert b"secret" not in request_for(HERE, request(HOST, b"Cookie: ql_session=secret"))
    raw = b"HTTP/1.1 200 OK\r\nSet-Cookie: ql_session=x; Path=/\r\nSet-Cookie: a=1\r\n\r\n"
    _, answered = answer_from(HERE, raw)
    assert b"ql_session" not in answered
    assert b"Set-Cookie: a=1\r\n" in answered


def test_a_page_talks_to_its_own_application_alone() -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Security-Policy: img-src *\r\nKeep-Alive: timeout=5\r\n\r\n"
    status, head = answer_from(HERE, raw)
    assert status == 200
    assert b"Content-Security-Policy: img-src *\r\n" in head
    assert (
        b"Content-Security-Policy: frame-ancestors 'none'; connect-src 'self' "
        b"ws://abc.localhost:4000; form-action 'self'\r\n"
    ) in head
    assert b"Keep-Alive" not in head
    shown = Address(port=4000, framed_by=("http://127.0.0.1:3000",))
    assert b"frame-ancestors http://127.0.0.1:3000;" in answer_from(shown, raw)[1]


def test_nothing_is_promised_for_longer_than_a_preview_lives() -> None:
    raw = b"HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=9\r\nAlt-Svc: h3\r\n\r\n"
    _, head = answer_from(HERE, raw)
    assert b"Strict-Transport" not in head
    assert b"Alt-Svc" not in head


def test_only_a_websocket_changes_what_is_spoken() -> None:
    upgrade = (b"Connection: keep-alive, Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Key: k")
    asked = request_for(HERE, request(HOST, *upgrade))
    assert b"Connection: Upgrade\r\nUpgrade: websocket\r\n" in asked
    assert b"Upgrade: h2c" not in request_for(HERE, request(HOST, b"Upgrade: h2c"))
    switched = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    status, head = answer_from(HERE, switched)
    assert (status, head.count(b"Upgrade: websocket")) == (101, 1)


def test_what_is_no_answer_is_told() -> None:
    for raw in (b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"\r\n\r\n"):
        with pytest.raises(ValueError):
            answer_from(HERE, raw)
