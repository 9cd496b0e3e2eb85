"""Ports: remembered, moved only for a reason, the user's choice never."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.ports import Claim, FixedPort, PortBook, is_free


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


def squat(port: int = 0) -> socket.socket:
    squatter = socket.socket()
    squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    squatter.bind(("127.0.0.1", port))
    squatter.listen()
    return squatter


def test_a_port_is_remembered_across_programs(home: Home) -> None:
    first = PortBook(home).claim("redis")
    assert is_free(first.port)
    assert PortBook(home).claim("redis") == first
    assert PortBook(home)["redis"] == first.port


def test_a_taken_port_is_given_up_and_the_claim_says_which(home: Home) -> None:
    first = PortBook(home).claim("redis")
    with squat(first.port):
        moved = PortBook(home).claim("redis")
    assert moved.port != first.port
    assert moved.moved_from == first.port
    # Moved once, it stays there.
    assert PortBook(home).claim("redis") == Claim(moved.port)


def test_two_names_never_share_a_port(home: Home) -> None:
    book = PortBook(home)
    names = [f"part-{number}" for number in range(50)]
    assert len({book.claim(name).port for name in names}) == len(names)


def test_ports_lie_below_those_that_systems_lend(home: Home) -> None:
    assert 20000 <= PortBook(home).claim("api").port < 32768


def test_the_users_choice_is_used_or_refused_with_the_setting_to_change(home: Home) -> None:
    with squat() as squatter:
        port = squatter.getsockname()[1]
        book = PortBook(home, {"api": FixedPort("QL_API_PORT", port)})
        with pytest.raises(PlatformError, match=rf"port {port} .* taken .* QL_API_PORT"):
            book.claim("api")
    assert book.claim("api") == Claim(port)
    assert book["api"] == port
    assert "api" not in book.ports()


def test_an_unreadable_book_is_written_anew(home: Home) -> None:
    home.ports_file.write_text("{ torn")
    assert PortBook(home).claim("redis").moved_from is None
