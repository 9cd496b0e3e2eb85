"""Byte ranges and validators, from RFC 9110."""

import pytest

from quantumlayer.api.rest.ranges import (
    ByteRange,
    Unsatisfiable,
    matches,
    range_still_holds,
    requested_range,
)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", ByteRange(0, 1)),
        ("bytes=0-99", ByteRange(0, 100)),
        ("bytes=10-", ByteRange(10, 90)),
        ("bytes=99-", ByteRange(99, 1)),
        ("bytes=90-1000", ByteRange(90, 10)),
        ("bytes=-1", ByteRange(99, 1)),
        ("bytes=-1000", ByteRange(0, 100)),
        ("Bytes = 5 - 9 ", ByteRange(5, 5)),
    ],
)
def test_a_single_range_is_cut_to_what_there_is(header: str, expected: ByteRange) -> None:
    assert requested_range(header, 100) == expected


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=9-5",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "items=0-1",
        "bytes=--1",
        "bytes=" + "9" * 40 + "-",
    ],
)
def test_what_is_no_single_range_gets_everything(header: str | None) -> None:
    assert requested_range(header, 100) is None


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=-1", 0)]
)
def test_a_range_outside_of_the_content_is_unsatisfiable(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        requested_range(header, size)


def test_a_part_says_where_it_belongs() -> None:
    assert ByteRange(10, 5).content_range(100) == "bytes 10-14/100"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ("*", True),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b"', False),
        ("a", False),
    ],
)
def test_if_none_match_compares_weakly(header: str | None, *, expected: bool) -> None:
    assert matches(header, '"a"') is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, True), ('"a"', True), ('W/"a"', False), ("Tue, 01 Jan 2030 00:00:00 GMT", False)],
)
def test_if_range_compares_strongly(header: str | None, *, expected: bool) -> None:
    assert range_still_holds(header, '"a"') is expected
