"""Texts as vectors of their words: the same everywhere, of one length, near where words are."""

import math

import pytest

from quantumlayer.agents.memory import WordVector, word_vector


def likeness(one: str, other: str) -> float:
    first, second = word_vector(one), word_vector(other)
    weights = dict(zip(second.indices, second.values, strict=True))
    pairs = zip(first.indices, first.values, strict=True)
    return sum(value * weights.get(index, 0.0) for index, value in pairs)


def test_a_vector_is_the_same_on_every_machine() -> None:
    assert word_vector("Books") == word_vector("books!") == WordVector((3179774992,), (1.0,))


def test_its_length_is_one_and_its_indices_ascend_however_long_the_text_is() -> None:
    vector = word_vector("loans of books " * 50 + "members")
    assert math.hypot(*vector.values) == pytest.approx(1)
    assert list(vector.indices) == sorted(set(vector.indices))
    assert max(vector.indices) < 2**32


def test_texts_are_near_that_share_words_whatever_their_order_and_case() -> None:
    loans = "A library lends books to members"
    assert likeness(loans, "Members borrow books of a LIBRARY") > likeness(loans, "A chess clock")
    assert likeness("Größe in Zentimetern", "größe") > 0


@pytest.mark.parametrize("text", ["", " \n", "- ! 1", "a"])
def test_a_text_without_words_is_empty(text: str) -> None:
    assert word_vector(text) == WordVector((), ())
