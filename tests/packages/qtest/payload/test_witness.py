"""Hearing from inside of processes, and noticing who only pretends to be one."""

import os
import socket

import pytest

from quantumlayer.qtest.payload.guarded import distrust
from quantumlayer.qtest.payload.witness import Testimony, Witness

SECRET_BYTES = 32


def speak(address: str, *lines: str, secret: bool = True) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(address)
        known = connection.recv(SECRET_BYTES).decode()
        known = known if secret else "0" * SECRET_BYTES
        connection.sendall("".join(f"{known} {line}\n" for line in lines).encode())


def test_who_speaks_is_told_by_the_kernel() -> None:
    with Witness() as witness:
        speak(witness.address, "returned 0")
        [heard] = witness.of(os.getpid())
    assert heard.program == os.path.realpath("/proc/self/exe")
    assert (heard.lines, heard.genuine, heard.ended) == (["returned 0"], True, True)
    assert distrust([heard]) == ""


def test_without_the_secret_nothing_is_believed() -> None:
    with Witness() as witness:
        speak(witness.address, "returned 0", secret=False)
        [heard] = witness.take()
    assert (heard.lines, heard.genuine) == ([], False)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ([], "without having been heard of"),
        ([Testimony(1, "x", ["returned 0"]), Testimony(1, "x", ["returned 0"])], "other than"),
        ([Testimony(1, "x", ["returned 0"], genuine=False)], "other than the guard"),
        ([Testimony(1, "x")], "before its main function had returned"),
        ([Testimony(1, "x", ["returned 3"])], "returned 3, and something made that"),
    ],
)
def test_an_exit_status_of_0_alone_is_not_believed(heard: list[Testimony], said: str) -> None:
    assert said in distrust(heard)
