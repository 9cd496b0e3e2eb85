"""Answers as bytes and back; whatever else the bytes are, it is found out."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.answers import Answer
from quantumlayer.router.answers.packing import UnreadableAnswer, pack, unpack

MOST = 1 << 20

answers = st.builds(
    Answer,
    status=st.integers(100, 599),
    headers=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=3).map(tuple),
    chunks=st.lists(
        st.binary(max_size=50) | st.binary(min_size=1, max_size=9).map(lambda some: some * 999),
        max_size=9,
    ).map(tuple),
    streamed=st.booleans(),
)


@given(answer=answers)
def test_any_answer_comes_back_as_it_was_with_its_chunks(answer: Answer) -> None:
    assert unpack("name", pack("name", answer), MOST) == answer


def test_a_large_answer_takes_less_room_than_it_has_bytes() -> None:
    answer = Answer(200, (), (b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n',) * 500)
    assert len(pack("name", answer)) < answer.size / 5


def test_an_answer_under_another_name_is_not_given_out() -> None:
    with pytest.raises(UnreadableAnswer, match="belongs to another name"):
        unpack("mine", pack("yours", Answer(200, (), (b"secret",))), MOST)


@given(answer=answers, where=st.integers(0, 10_000), junk=st.binary(max_size=3))
def test_damaged_bytes_are_an_error_of_one_kind_or_an_answer_of_this_name(
    answer: Answer, where: int, junk: bytes
) -> None:
    packed = pack("name", answer)
    cut = where % (len(packed) + 1)
    try:
        unpack("name", packed[:cut] + junk + packed[cut + 1 :], MOST)
    except UnreadableAnswer:
        return


@given(packed=st.binary(max_size=200))
def test_any_bytes_are_refused_with_that_error(packed: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        unpack("name", packed, MOST)


def test_a_small_thing_that_inflates_without_end_is_refused() -> None:
    bomb = b"z" + zlib.compress(bytes(50 * MOST))
    with pytest.raises(UnreadableAnswer, match="more than"):
        unpack("name", bomb, MOST)
