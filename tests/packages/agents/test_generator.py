"""Drafting planned files: what is asked, what may pass, and what is said of what may not."""

from collections.abc import Sequence
from typing import Any

import pytest

from quantumlayer.agents import (
    Drafts,
    Project,
    RefusedDraft,
    draft,
    expected_characters,
)
from quantumlayer.agents.generator import constants_of
from quantumlayer.agents.prompts import conversation_of
from quantumlayer.qlayer import Blueprint, PlannedFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.router import FileNote
from tests.support.conversations import conversation_with
from tests.support.model_server import FilesReply, ModelServer, Reply, TextReply

REQUIREMENTS = Requirements.model_validate(
    {
        "name": "shop",
        "title": "Shop",
        "summary": "Sells tea.",
        "kind": "library",
        "language": "python",
        "items": [{"id": "R1", "category": "rule", "statement": "A price is never negative."}],
        "assumptions": ["Prices are in cents."],
    }
)
FILES: list[dict[str, Any]] = [
    {"path": "shop/price.py", "role": "source", "purpose": "Prices.", "interface": "price(x: int)",
     "requirements": ["R1"]},
    {"path": "shop/cart.py", "role": "source", "purpose": "Carts.", "interface": "total(xs: list)",
     "depends_on": ["shop/price.py"]},
    {"path": "tests/test_price.py", "role": "test", "purpose": "Proof.", "requirements": ["R1"],
     "depends_on": ["shop/price.py"]},
]  # fmt: skip
BLUEPRINT = Blueprint.model_validate(
    {"name": "shop", "kind": "library", "language": "python", "files": FILES}
)
PRICE, CART, TEST = BLUEPRINT.files
PROJECT = Project(REQUIREMENTS, BLUEPRINT)
CONTENTS = {PRICE.path: "PRICE = 1\n", CART.path: "CART = 1\n"}


async def nothing_wrong(_file: PlannedFile, _content: str) -> Sequence[str]:
    return ()


async def drafted(
    server: ModelServer,
    files: Sequence[PlannedFile] = (PRICE, CART),
    project: Project = PROJECT,
    **given: Any,  # noqa: ANN401 - arguments of `draft`
) -> Drafts:
    conversation = conversation_with(server)
    more = {"refused": {}, "gate": nothing_wrong, "max_bytes": 100, "attempt": 1, **given}
    return await draft(conversation, project, files, **more)


def asked(server: ModelServer) -> list[list[str]]:
    return [[message["content"] for message in one.messages] for one in server.requests]


async def test_several_files_come_in_one_answer() -> None:
    notes = {"shop/tax.py": "It has to round up."}
    async with ModelServer([FilesReply(files=CONTENTS, notes=notes)]) as server:
        drafts = await drafted(server)
    assert (drafts.files, drafts.refused) == (CONTENTS, {})
    assert drafts.notes == (FileNote(path="shop/tax.py", text="It has to round up."),)
    assert len(server.requests) == 1


async def test_all_questions_of_a_run_begin_alike_and_the_item_stands_last() -> None:
    replies = [FilesReply(files={path: "X = 1\n"}) for path in (PRICE.path, CART.path, TEST.path)]
    async with ModelServer(replies) as server:
        for file in BLUEPRINT.files:
            await drafted(server, [file])
    beginnings = {tuple(messages[:-1]) for messages in asked(server)}
    assert len(beginnings) == 1
    (constant,) = beginnings
    assert "- A1: Prices are in cents." in constant[1]
    assert "Interface: price(x: int)" in constant[1]
    assert "what must be refused beyond it" in constant[-1]
    items = [messages[-1] for messages in asked(server)]
    assert items[0].startswith("Write the file `shop/price.py` whole")
    assert items[2].startswith("Write the test file `tests/test_price.py` whole")
    assert len({item.partition("\n")[0] for item in items}) == 3


def test_the_end_of_what_is_constant_is_where_a_cache_may_keep() -> None:
    skeleton = {"b.py": "def b() -> None: ...\n", "a.py": "def a() -> None: ...\n"}
    asked = conversation_of(constants_of(Project(REQUIREMENTS, BLUEPRINT, skeleton)), "Write it.")
    assert [message.cache_until_here for message in asked] == [False, False, False, True, False]
    assert asked[2].text.index('path="a.py"') < asked[2].text.index('path="b.py"')


async def test_an_interface_that_is_written_as_code_is_shown_as_code_alone() -> None:
    skeleton = {PRICE.path: "def price(x: int) -> int:\n    raise NotImplementedError\n"}
    async with ModelServer([FilesReply(files=CONTENTS)]) as server:
        await drafted(server, project=Project(REQUIREMENTS, BLUEPRINT, skeleton))
    (messages,) = asked(server)
    assert "raise NotImplementedError" in messages[2]
    assert "Interface: price" not in messages[1]
    assert "Interface: total" in messages[1]


async def test_what_did_not_come_or_the_gate_refuses_is_refused_alone() -> None:
    async def gate(file: PlannedFile, _content: str) -> Sequence[str]:
        return [f"{file.path}:1:1: no"] if file is PRICE else []

    async with ModelServer([FilesReply(files=CONTENTS)]) as server:
        drafts = await drafted(server, (PRICE, CART, TEST), gate=gate)
    assert drafts.files == {CART.path: "CART = 1\n"}
    assert drafts.refused[PRICE.path] == RefusedDraft(
        content="PRICE = 1\n", problems=("shop/price.py:1:1: no",)
    )
    assert drafts.refused[TEST.path].content is None
    assert "did not come" in drafts.refused[TEST.path].problems[0]


async def test_a_file_that_is_too_large_is_refused_with_its_size() -> None:
    async with ModelServer([FilesReply(files={PRICE.path: "x" * 200 + "\n"})]) as server:
        drafts = await drafted(server, [PRICE])
    assert "It has 201 bytes; at most 100" in drafts.refused[PRICE.path].problems[0]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (TextReply(content="I would rather not."), "did not come: `shop/price.py`"),
        (TextReply(content="no", finish_reason="content_filter"), "content filter"),
        (FilesReply(files={}), "did not come"),
        (TextReply(content="<file path='shop/price.py'>\nhalf", finish_reason="length"), "cut off"),
    ],
)
async def test_an_answer_that_cannot_be_had_is_the_matter_of_these_files_alone(
    reply: Reply, words: str
) -> None:
    async with ModelServer([reply]) as server:
        drafts = await drafted(server)
    assert set(drafts.refused) == {PRICE.path, CART.path}
    assert words in drafts.refused[PRICE.path].problems[0]


async def test_what_was_refused_is_shown_with_the_reasons_behind_everything_else() -> None:
    refused = {PRICE.path: RefusedDraft(content="def price(:\n", problems=("1:11: no name",))}
    async with ModelServer([FilesReply(files=CONTENTS)]) as server:
        await drafted(server, [PRICE], refused=refused, attempt=2)
    item = asked(server)[0][-1]
    assert "1:11: no name" in item
    assert "def price(:" in item
    assert "def price(:" not in "".join(asked(server)[0][:-1])


def test_what_came_before_is_kept_where_nothing_comes_now() -> None:
    broken = RefusedDraft(content="def price(:\n", problems=("no name",))
    nothing = RefusedDraft(content=None, problems=("It did not come.",))
    drafts = Drafts(
        files={CART.path: "CART = 1\n"}, refused={PRICE.path: broken, TEST.path: nothing}
    )

    later = drafts.then(Drafts(refused={PRICE.path: nothing, TEST.path: nothing}))

    assert later.refused[PRICE.path].content == broken.content
    assert later.refused[PRICE.path].problems == ("no name", "It did not come.")
    assert later.settled().files == {CART.path: "CART = 1\n", PRICE.path: broken.content}
    assert later.settled().refused == {TEST.path: nothing}


def test_tests_are_expected_to_be_longer_and_to_grow_with_what_they_verify() -> None:
    assert expected_characters(CART) < expected_characters(PRICE) < expected_characters(TEST)
