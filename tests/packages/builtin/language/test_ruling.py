"""Rules are read as what they say, or refused: none is kept that says another thing."""

import json
from pathlib import Path
from typing import Any

import pytest
from lark import Lark
from lark.grammar import Symbol

from quantumlayer.builtin.domain import domain_of
from quantumlayer.builtin.language import NotUnderstood, describe, read_description
from quantumlayer.builtin.language.vocabulary import (
    DECLARATION_WORDS,
    DECLARATIONS,
    RULE_WORDS,
    RULES,
)
from tests.packages.builtin.sketch import sketch

BASE = (
    "Members have a name, an age and a joined on date. Rooms have a name, a capacity and a price. "
    "Bookings have a member and a room. Bookings have a start, an end and a date. "
    "Bookings have a number of guests and a price. Bookings have a deposit (optional). "
    "Bookings have a status (open, paid, cancelled). "
)


def rows(name: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


ROWS = rows("rules.jsonl")
READ = [row for row in ROWS if "gives" in row]
REFUSED = [row["rule"] for row in ROWS if "refused" in row]
GROUPS = 6
LIMITING = {"count", "most_of", "unique_rule", "overlap", "life_rule", "frozen", "keeping"}
LIMITING |= {"conditional"}
"""The rules of the grammar that forbid something."""
OBLIGING = {
    "NO",
    "CANNOT",
    "CANNOT_BE",
    "ONLY",
    "MUST",
    "MUST_HAVE",
    "REQUIRED",
    "UNIQUE",
    "READ_ONLY",
}
OBLIGING |= {"DIFFERING", "AT_MOST", "AS_MANY", "NO_MORE", "MAX", "LESS_THAN", "OR_LESS"}
BY_THE_NUMBER_ONE = "one"
"""Not a word: the rule of the grammar that takes no other number."""


@pytest.fixture(scope="module")
def base() -> list[str]:
    return sketch(read_description(BASE))


def refused(description: str) -> list[str]:
    with pytest.raises(NotUnderstood) as refusal:
        read_description(description)
    return [each.words for each in refusal.value.problems]


@pytest.mark.parametrize("row", READ, ids=lambda row: row["rule"])
def test_a_rule_gives_these_lines(row: dict[str, Any], base: list[str]) -> None:
    lines = sketch(read_description(BASE + row["rule"]))
    assert [line for line in lines if line not in base] == row["gives"]


@pytest.mark.parametrize(
    "row", rows("rule_wordings.jsonl"), ids=lambda row: row["description"][-40:]
)
def test_a_description_with_a_rule_gives_these_lines_and_prints_them_or_is_refused_for_it(
    row: dict[str, Any],
) -> None:
    if "gives" not in row:
        assert refused(row["description"]) == row["refused"]
        return
    requirements = read_description(row["description"])
    assert sketch(requirements) == row["gives"]
    again = read_description(describe(domain_of(requirements)))
    assert sorted(sketch(again)) == sorted(row["gives"])


@pytest.mark.parametrize("first", range(GROUPS))
def test_what_is_printed_of_rules_is_read_as_the_same(first: int) -> None:
    requirements = read_description(BASE + " ".join(row["rule"] for row in READ[first::GROUPS]))
    again = read_description(describe(domain_of(requirements)))
    assert sorted(sketch(again)) == sorted(sketch(requirements))


@pytest.mark.parametrize("rule", REFUSED)
def test_a_rule_that_says_something_else_is_refused(rule: str) -> None:
    assert refused(BASE + rule) == [rule.rstrip(".")]


@pytest.mark.parametrize(
    "rules",
    [
        "The date must be in the past. The date must be in the future.",
        "The end must be after the start. The start must be after the end.",
        "The end must be after the start. The end must not be after the start.",
        "The end must be after the start. The date is after the end. The start is after the date.",
        "The capacity must be at least 10. The capacity must be at most 5.",
        "The status goes from open to paid. An open booking cannot be paid.",
    ],
)
def test_rules_that_no_record_could_keep_together_are_refused_at_the_last(rules: str) -> None:
    assert refused(BASE + rules) == [rules.rstrip(".").split(". ")[-1]]


@pytest.mark.parametrize(
    ("description", "line"),
    [
        ("Items have a rank. The rank must be at least 1. The rank is at least 3", ">= 3"),
        ("Items have a rank from 1 to 5. The rank must be at least 2", ">= 2 <= 5"),
        ("Items have a rank from 1 to 5. The rank must be less than 5", ">= 1 < 5"),
    ],
)
def test_of_two_limits_of_a_field_the_tighter_one_is_kept(description: str, line: str) -> None:
    assert f"Item.rank integer {line}" in sketch(read_description(description))


def test_a_loan_that_tells_of_another_return_gets_no_second_one() -> None:
    loans = "Members have a name. Loans have a member, a loaned on and a brought back on. "
    rule = "A member can have at most 3 open loans"
    assert refused(loans + rule) == [rule]


def test_that_there_are_any_records_of_another_is_never_kept() -> None:
    orders = "Orders have a number. Order lines have an order and a quantity. "
    assert refused(orders + "An order must have order lines") == ["order lines"]


def test_whatever_forbids_has_a_word_that_obliges() -> None:
    grammar = Lark(
        f"{DECLARATIONS}\n{RULES}\n%declare {' '.join(sorted(DECLARATION_WORDS | RULE_WORDS))}\n",
        parser="earley",
        lexer="dynamic",
        start=["rule"],
    )

    def obliges(symbol: Symbol, above: tuple[str, ...] = ()) -> bool:
        if symbol.is_term or symbol.name in above:
            return symbol.name in OBLIGING
        if symbol.name == BY_THE_NUMBER_ONE:
            return True
        ways = [rule.expansion for rule in grammar.rules if rule.origin.name == symbol.name]
        return all(any(obliges(each, (*above, symbol.name)) for each in way) for way in ways)

    permissive = {
        rule.alias
        for rule in grammar.rules
        if rule.origin.name in LIMITING and not any(obliges(each) for each in rule.expansion)
    }
    assert permissive == set()
