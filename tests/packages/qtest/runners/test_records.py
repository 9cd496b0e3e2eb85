"""Signed records: what is believed and what is not."""

import hashlib
import hmac
import json

import pytest

from quantumlayer.qtest.runners.records import read_records

KEY = b"k" * 32


def signed(*events: dict[str, object], key: bytes = KEY) -> list[bytes]:
    lines, signature = [], b""
    for event in events:
        payload = json.dumps(event).encode()
        signature = hmac.digest(key, signature + payload, hashlib.sha256().name)
        lines.append(signature.hex().encode() + b" " + payload + b"\n")
    return lines


LINES = signed({"event": "opened"}, {"event": "phase", "name": "a"}, {"event": "closed"})


def test_an_untouched_report_is_genuine_and_in_order() -> None:
    records = read_records(b"".join(LINES), KEY)
    assert records.genuine
    assert [record["event"] for record in records.events] == ["opened", "phase", "closed"]


def test_a_line_that_was_cut_off_is_dropped() -> None:
    records = read_records(b"".join(LINES)[:-5], KEY)
    assert records.genuine
    assert [record["event"] for record in records.events] == ["opened", "phase"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"noise\n" + LINES[0], id="noise before"),
        pytest.param(LINES[0] + b"\n" + LINES[1], id="an empty line"),
        pytest.param(LINES[0] + LINES[2], id="a record left out"),
        pytest.param(LINES[1] + LINES[0], id="another order"),
        pytest.param(LINES[0] + LINES[0], id="a record sent twice"),
        pytest.param(LINES[0].replace(b"opened", b"closed"), id="a changed record"),
        pytest.param(b"".join(signed({"event": "opened"}, key=b"guess")), id="another key"),
        pytest.param(b"\xff\x00 \xfe\n", id="no text at all"),
    ],
)
def test_whatever_breaks_the_chain_is_noticed(content: bytes) -> None:
    assert not read_records(content, KEY).genuine


def test_what_came_before_a_forgery_is_kept_as_evidence() -> None:
    records = read_records(LINES[0] + LINES[1] + b"forged\n", KEY)
    assert [record["event"] for record in records.events] == ["opened", "phase"]
