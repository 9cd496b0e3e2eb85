"""Names in generated code."""

import pytest

from quantumlayer.builtin.writing.naming import (
    kebab,
    pascal,
    sentence,
    snake,
    statement_slug,
    unshadowed,
    with_article,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("LoanItem", "loan_item"), ("HTTPServer", "http_server"), ("Order2", "order2")],
)
def test_snake_case(name: str, expected: str) -> None:
    assert snake(name) == expected


def test_pascal_and_kebab_case() -> None:
    assert [pascal("loan_item"), kebab("loan_items")] == ["LoanItem", "loan-items"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("order", "an order"),
        ("user", "a user"),
        ("unit", "a unit"),
        ("unpaid bill", "an unpaid bill"),
        ("member", "a member"),
    ],
)
def test_articles(word: str, expected: str) -> None:
    assert with_article(word) == expected


def test_keywords_builtins_and_taken_names_are_left_alone() -> None:
    taken = frozenset({"router"})
    names = [unshadowed(name, taken) for name in ("class", "list", "router", "loan")]
    assert names == ["class_", "list_", "router_", "loan"]


def test_a_statement_as_part_of_a_name() -> None:
    assert statement_slug("A member's loans: at most 5!") == "a_members_loans_at_most_5"
    assert len(statement_slug("word " * 40)) <= 46
    assert statement_slug("…") == "rule"


def test_a_sentence_begins_with_a_capital_and_ends() -> None:
    assert sentence('loans  end\n"""soon') == "Loans end 'soon."
