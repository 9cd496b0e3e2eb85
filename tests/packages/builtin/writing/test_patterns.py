"""Texts of forms, as many as are asked for."""

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from quantumlayer.builtin.domain import Form
from quantumlayer.builtin.writing.patterns import alphabets, longest, spell

FORMS = (
    "^[0-9]{13}$",
    r"^[A-Z]{2}\-[0-9]{3}$",
    "^INV-[0-9]{4,8}$",
    r"^[A-Za-z0-9\-_]+$",
    r"^[A-Z]{3}\-{2}[a-z]\/[0-9]+$",
)
form = TypeAdapter(Form)


@pytest.mark.parametrize("pattern", FORMS)
def test_every_text_matches(pattern: str) -> None:
    places = alphabets(form.validate_python(pattern))
    for number in (0, 1, 9, 10, 123):
        assert re.search(pattern, spell(number, places))


def test_different_numbers_give_different_texts() -> None:
    places = alphabets("^[A-Z]{3}-[0-9]{2}$")
    assert len({spell(number, places) for number in range(2_000)}) == 2_000


def test_the_longest_text_of_a_form_is_known() -> None:
    assert [longest(each) for each in FORMS] == [13, 6, 12, 1, 8]


@pytest.mark.parametrize(
    "pattern",
    [
        "^(?=.*x)[a-z]+$",
        r"^(a)\1$",
        r"^\d{4}$",
        r"^[\d]$",
        "^[^0-9]$",
        "^a.c$",
        "^a?$",
        "[0-9]",
        "^$",
        "^[$",
    ],
)
def test_what_not_every_language_reads_alike_is_no_form(pattern: str) -> None:
    with pytest.raises(ValidationError):
        form.validate_python(pattern)
