"""Patterns are RE2's: linear, with places in characters, and data that are all sound."""

import pytest

from quantumlayer.router.guardrails.patterns import Beginnings, Pattern, phrases


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


def test_one_pass_tells_which_of_many_patterns_begin_a_text() -> None:
    beginnings = Beginnings(Pattern(one) for one in (r"\d{3}\b", r"(?i)abc", r"\d{2}", r"x"))
    assert beginnings.at("123 abc") == [0, 2]
    assert beginnings.at("ABC 123") == [1]
    assert beginnings.at("é 123") == []


def test_places_are_counted_in_characters_whatever_they_are_made_of() -> None:
    digits = Pattern(r"\d+")
    assert [tuple(found) for found in digits.all("a1 b22")] == [(1, 2, "1"), (4, 6, "22")]
    assert [tuple(found) for found in digits.all("é1 ü22")] == [(1, 2, "1"), (4, 6, "22")]
    assert digits.at("12é") == (0, 2, "12")
    assert digits.occurs("é1")
