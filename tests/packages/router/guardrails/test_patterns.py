"""Patterns are RE2's: linear, with places in characters, and data that are all sound."""

import pytest

from quantumlayer.router.guardrails.patterns import Pattern, phrases


def test_an_expression_that_needs_to_go_back_is_refused() -> None:
    with pytest.raises(ValueError, match="is no pattern"):
        Pattern(r"(a+)\1")


def test_a_nested_repetition_that_ruins_others_ends() -> None:
    assert not Pattern(r"^(a+)+$").occurs("a" * 100_000 + "!")


def test_a_group_narrows_what_is_meant() -> None:
    (found,) = Pattern(r"ü+(?P<it>\d+)").all("x üü42")

    assert (found.start, found.end, found.text) == (4, 6, "42")


def test_phrases_take_any_white_space_and_the_words_of_a_list() -> None:
    pattern = Pattern(phrases("{verb} all the things", {"verb": ["do", "make up"]}))

    assert pattern.occurs("make\n  up all\tthe things")
    assert not pattern.occurs("makeup all the things")
