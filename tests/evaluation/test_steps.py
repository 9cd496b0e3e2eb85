"""What a step may say, and what it takes for wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from evaluation.checks import requests
from evaluation.sentence import Proof, Request, sentences_of
from tests.evaluation.small_programs import started

ECHO = """
@route("POST /echo/{name}")
def echo(name, body, headers):
    return 200, {"name": name, "given": body, "mark": headers.get("Mark")}
"""


async def said(saved: dict[str, Any], **step: Any) -> str:  # noqa: ANN401 - as data has it
    proof = Proof(is_a="service", right=ECHO)
    async with started(proof, ECHO, {}) as program:
        return await requests.wrong(Request.model_validate(step), program, saved)


async def test_values_are_saved_and_used() -> None:
    saved: dict[str, Any] = {}
    first = {"request": "POST /echo/a", "json": {"n": [1, 2]}, "saves": {"two": "given.n.1"}}
    assert await said(saved, **first) == ""
    holds = {"name": "2", "given.again": 2, "mark": "m2"}
    assert (
        await said(
            saved,
            request="POST /echo/{two}",
            json={"again": "{two}"},
            headers={"Mark": "m{two}"},
            status=[200],
            holds=holds,
        )
        == ""
    )


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"status": [201]}, "the status is not 201"),
        ({"holds": {"given.x": 2}}, "given.x is 1, not 2"),
        ({"holds": {"given.x": True}}, "given.x is 1, not True"),
        ({"holds": {"given.#": 2}}, "given.# is 1, not 2"),
        ({"saves": {"id": "id"}}, "there is no id"),
        ({"says": ["absent"]}, "it does not say 'absent'"),
        ({"never": ["given"]}, "it says 'given'"),
        ({"at_once": 3, "statuses": {"200": 2, "409": 1}}, "3 at once: answered {'200': 3}"),
    ],
)
async def test_what_is_not_as_it_must_be_is_said(step: Mapping[str, Any], reason: str) -> None:
    assert reason in await said({}, request="POST /echo/a", json={"x": 1}, **step)


def test_a_set_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"no set 'big'; there are .*stacks"):
        sentences_of("big")


def test_a_step_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError):
        Request.model_validate({"request": "GET /", "expects": 1})


def test_no_sentence_lies_outside_of_the_sets() -> None:
    folder = Path("evaluation/sets")
    assert {file.suffix for file in folder.glob("*/*")} == {".toml"}
