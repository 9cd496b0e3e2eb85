"""The reviewer reads the whole once, and says what a reader can trace, with a scenario."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from quantumlayer.agents.context import most_relevant
from quantumlayer.agents.reviewer import MOST_CHARACTERS, asked, review
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.quality import Remark
from quantumlayer.qlayer.requirements import Requirements
from tests.support.conversations import conversation_with
from tests.support.model_server import ModelServer, TextReply

REQUIREMENTS = Requirements.model_validate(
    {
        "name": "shop",
        "title": "Shop",
        "summary": "Sells tea.",
        "kind": "service",
        "language": "python",
        "items": [{"id": "R1", "category": "rule", "statement": "A price is never negative."}],
        "assumptions": ["Prices are in cents."],
    }
)
BLUEPRINT = Blueprint.model_validate(
    {
        "name": "shop",
        "kind": "service",
        "language": "python",
        "files": [{"path": "shop/price.py", "role": "source", "purpose": "Prices."}],
    }
)
TEXTS = {"shop/price.py": "def price(x):\n    return x\n"}
REMARK: dict[str, Any] = {
    "path": "shop/price.py",
    "line": 2,
    "requirement": "R1",
    "weight": "wrong",
    "problem": "Nothing refuses a negative price.",
    "scenario": "Somebody sets -5; it is kept, and the total sinks. It should be refused.",
}


async def reviewed(*remarks: dict[str, Any]) -> tuple[Remark, ...]:
    async with ModelServer([TextReply(content=json.dumps({"remarks": remarks}))]) as server:
        conversation = conversation_with(server)
        return await review(
            conversation, REQUIREMENTS, BLUEPRINT, texts=TEXTS, prompt="A shop for tea."
        )


async def test_what_is_found_is_told_with_its_place_and_scenario() -> None:
    (remark,) = await reviewed(REMARK)
    assert (remark.path, remark.line, remark.requirement) == ("shop/price.py", 2, "R1")
    assert "-5" in remark.scenario


async def test_nothing_is_a_good_answer() -> None:
    assert await reviewed() == ()


async def test_what_is_missing_altogether_has_no_place() -> None:
    (remark,) = await reviewed({**REMARK, "path": "", "line": None})
    assert remark.path == ""


async def test_remarks_on_files_that_there_are_not_are_left_out() -> None:
    assert await reviewed({**REMARK, "path": "shop/imagined.py"}) == ()


@pytest.mark.parametrize("lacking", ["scenario", "problem", "weight"])
def test_a_remark_without_a_scenario_is_none(lacking: str) -> None:
    with pytest.raises(ValidationError):
        Remark.model_validate({name: text for name, text in REMARK.items() if name != lacking})


def test_the_wish_and_the_assumptions_are_shown_and_the_task_comes_last() -> None:
    system, ground, item = asked(REQUIREMENTS, BLUEPRINT, TEXTS, "A shop for tea.")
    assert system.role == "system"
    assert "A shop for tea." in ground.text
    assert "A1: Prices are in cents." in ground.text
    assert "return x" in ground.text
    assert "scenario" in item.text


def test_of_a_large_tree_the_long_files_are_named_and_not_shown() -> None:
    texts = {"a.py": "x" * MOST_CHARACTERS, "b.py": "y = 1\n"}
    shown, left_out = most_relevant(texts, "", MOST_CHARACTERS)
    assert list(shown) == ["b.py"]
    assert left_out == ["a.py"]
