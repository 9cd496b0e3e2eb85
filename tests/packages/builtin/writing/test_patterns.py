"""Texts that match regular expressions."""

import re

import pytest

from quantumlayer.builtin.writing.patterns import alphabets, spell

PATTERNS = (
    "^[0-9]{13}$",
    "^[A-Z]{2}-[0-9]{3}$",
    r"^INV-\d{4,8}$",
    "^(draft|sent)-[a-z]+$",
    r"^\+?[0-9]{5}(?:-[0-9]{4})?$",
    "^[^0-9]{3}$",
    r"^[\w-]{4}$",
    r"^v\d+\.\d+\.\d+$",
    "^a.c$",
    "^[]x-]{2}$",
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_text_matches(pattern: str) -> None:
    places = alphabets(pattern)
    assert places is not None
    for number in (0, 1, 9, 10, 123):
        assert re.search(pattern, spell(number, places))


def test_different_numbers_give_different_texts() -> None:
    places = alphabets("^[A-Z]{3}-[0-9]{2}$") or ()
    texts = {spell(number, places) for number in range(2_000)}
    assert len(texts) == 2_000


@pytest.mark.parametrize("pattern", ["^(?=.*x)[a-z]+$", r"^(a)\1$", "^[a-z]{1000}$", "[", "a+?"])
def test_what_is_not_understood_is_said(pattern: str) -> None:
    assert alphabets(pattern) is None
