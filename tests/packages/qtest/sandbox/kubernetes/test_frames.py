"""Whatever a pod sends is bounded, and only whole frames count."""

import json
import struct

import pytest

from quantumlayer.qtest import Limits, SandboxUnavailable
from quantumlayer.qtest.sandbox.kubernetes.frames import Heard
from quantumlayer.qtest.sandbox.kubernetes.starter import END, FAILURE, REPORT, STDERR, STDOUT


def frame(kind: int, content: bytes) -> bytes:
    return struct.pack(">BI", kind, len(content)) + content


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_frames_may_be_cut_anywhere(size: int) -> None:
    heard = Heard(Limits())
    stream = frame(STDOUT, b"one ") + frame(STDERR, b"two") + frame(STDOUT, b"three")
    stream += frame(END, json.dumps({"status": 0}).encode())
    for start in range(0, len(stream), size):
        heard.message(b"\x01" + stream[start : start + size])
    assert heard.streams == {STDOUT: b"one three", STDERR: b"two", REPORT: b""}
    assert heard.ending == {"status": 0}


def test_what_is_kept_has_a_bound() -> None:
    heard = Heard(Limits(output_bytes=1024))
    for _ in range(3):
        heard.message(b"\x01" + frame(STDOUT, b"x" * 1000))
        heard.message(b"\x02" + b"y" * 5000)
    assert len(heard.streams[STDOUT]) == 1024
    assert len(heard.complaint) == 4096


@pytest.mark.parametrize(
    "noise", [b"\x01Traceback (most", b"\x01" + struct.pack(">BI", STDOUT, 1 << 30)]
)
def test_what_is_no_frame_is_refused(noise: bytes) -> None:
    with pytest.raises(SandboxUnavailable, match="does not speak our protocol"):
        Heard(Limits()).message(noise)


def test_a_failure_is_told() -> None:
    failure = frame(FAILURE, json.dumps({"message": "the image has no /usr/lib/go"}).encode())
    with pytest.raises(SandboxUnavailable, match="the image has no /usr/lib/go"):
        Heard(Limits()).message(b"\x01" + failure)


def test_empty_messages_and_success_say_nothing() -> None:
    heard = Heard(Limits())
    for message in (b"", b"\x01", b"\x02", b'\x03{"status":"Success"}', b"\xff\x00"):
        heard.message(message)
    assert heard == Heard(Limits())
