"""A wish about how something is made is fulfilled by what it is made with, or by files."""

import pytest

from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.quality import RequirementState
from quantumlayer.qlayer.quality.tracing import trace
from quantumlayer.qlayer.quality.wishes import fulfilled
from quantumlayer.qlayer.requirements import Requirement, RequirementCategory
from tests.support import sample_project as sample


def wish(statement: str, category: str = "wish") -> Requirement:
    return Requirement(id="R9", category=RequirementCategory(category), statement=statement)


def on(stack: str) -> Blueprint:
    return sample.blueprint().model_copy(update={"stack": stack})


@pytest.mark.parametrize(
    ("stack", "statement"),
    [
        ("typescript-service", "It is written in TypeScript."),
        ("typescript-service", "It keeps its data in SQLite."),
        ("full-stack", "A React front end."),
        ("go-service", "The service is made with net/http in Go."),
        ("", "It is written in Python."),
    ],
)
def test_what_it_is_made_with_fulfils_a_wish(stack: str, statement: str) -> None:
    assert fulfilled(wish(statement), on(stack))


@pytest.mark.parametrize(
    ("stack", "asked"),
    [
        ("typescript-service", wish("It has a dark look.")),
        ("typescript-service", wish("It is written in Rust.")),
        ("", wish("It uses PostgreSQL.")),
        ("typescript-service", wish("TypeScript files are listed.", "operation")),
    ],
)
def test_anything_else_needs_files(stack: str, asked: Requirement) -> None:
    assert not fulfilled(asked, on(stack))


def test_a_fulfilled_wish_is_claimed_with_what_fulfils_it() -> None:
    asked = sample.requirements().model_copy(update={"items": (wish("It is in TypeScript."),)})
    (row,) = trace(asked, on("typescript-service"), sample.tree(), ())
    assert row.state is RequirementState.CLAIMED
    assert "TypeScript service" in row.reason
