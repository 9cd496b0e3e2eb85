"""Server-sent events, at any split, as WHATWG reads them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from quantumlayer.router import ProviderUnavailable
from quantumlayer.router.transport.event_streams import Comment, EventStream, ServerEvent


def read(*chunks: bytes, stream: EventStream | None = None) -> list[ServerEvent | Comment]:
    stream = stream or EventStream()
    said = [event for chunk in chunks for event in stream.feed(chunk)]
    return [*said, *stream.end()]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_lines_may_end_in_three_ways(end: bytes) -> None:
    lines = [b"event: piece", b"data: one", b"data:two", b"data:  three", b"", b""]
    assert read(end.join(lines)) == [ServerEvent("piece", "one\ntwo\n three")]


def test_a_carriage_return_and_its_line_feed_may_come_apart() -> None:
    assert read(b"data: a\r", b"\ndata: b\r", b"\n\r", b"\n") == [ServerEvent(None, "a\nb")]


def test_a_byte_order_mark_is_left_out_once_even_in_pieces() -> None:
    assert read(b"\xef\xbb", b"\xbfdata: a\n\n") == [ServerEvent(None, "a")]
    assert read(b"data: \xef\xbb\xbfa\n\n") == [ServerEvent(None, "\ufeffa")]


def test_comments_and_events_without_data_are_signs_of_life() -> None:
    assert read(b": OPENROUTER PROCESSING\n\ndata\n\n") == [Comment(), Comment()]
    assert read(b"event: ping\n\n") == []


def test_ids_retries_and_what_nobody_knows_are_left_out() -> None:
    assert read(b"id: 1\nretry: 5\nwhat: ever\ndata: a\n\n") == [ServerEvent(None, "a")]


def test_a_name_is_for_one_event() -> None:
    assert read(b"event: x\ndata: a\n\ndata: b\n\n") == [
        ServerEvent("x", "a"),
        ServerEvent(None, "b"),
    ]


def test_an_empty_line_may_be_missing_at_the_end_but_no_part_of_a_line() -> None:
    assert read(b"data: [DONE]\n") == [ServerEvent(None, "[DONE]")]
    assert read(b"data: {}\ndata: [DON") == []


def test_letters_may_be_cut_in_two() -> None:
    encoded = "data: Größe 漢字 🎉\n\n".encode()
    pieces = [encoded[i : i + 1] for i in range(len(encoded))]
    assert read(*pieces) == [ServerEvent(None, "Größe 漢字 🎉")]


def test_bytes_that_are_no_letters_do_not_end_the_stream() -> None:
    assert read(b"data: a\xffb\n\n") == [ServerEvent(None, "a\ufffdb")]


@given(
    some.lists(
        some.tuples(
            some.sampled_from(["", "piece", "ping"]),
            some.lists(some.text(some.characters(exclude_characters="\r\n\0")), min_size=1),
        ),
        max_size=6,
    ),
    some.randoms(use_true_random=False),
)
def test_how_the_bytes_were_split_makes_no_difference(
    events: list[tuple[str, list[str]]], chosen: random.Random
) -> None:
    text = b""
    for name, lines in events:
        fields = [f"event: {name}"] * bool(name) + [f"data: {line}" for line in lines] + [""]
        text += b"".join(
            line.encode("utf-8", "replace") + chosen.choice([b"\n", b"\r\n", b"\r"])
            for line in fields
        )
    cuts = sorted(chosen.choices(range(len(text) + 1), k=chosen.randrange(8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert read(*pieces) == read(text)


def test_a_line_and_an_event_are_bounded() -> None:
    with pytest.raises(ProviderUnavailable, match="line of more than 100 bytes"):
        read(b"data: ", *[b"x" * 10] * 10, stream=EventStream(line_limit=100))
    with pytest.raises(ProviderUnavailable, match="event of more than 100 bytes"):
        read(*[b"data: 0123456789\n"] * 8, stream=EventStream(event_limit=100))
