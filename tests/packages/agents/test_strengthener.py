"""Tests made better: what is asked, in which dialect, and which edits of an answer are taken."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

import pytest
import pytest_asyncio

from quantumlayer.agents import (
    Conversation,
    Outline,
    Project,
    Tree,
    draft,
    outline,
    strengthen,
)
from quantumlayer.agents.edits import instructions
from quantumlayer.parser import Parser, SourceText
from quantumlayer.qlayer import Blueprint, PlannedFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.router import CallLimits, MemoryCallStore, Profile
from quantumlayer.router.profiles.profile import EditDialect
from tests.support.model_server import (
    CutOffReply,
    ErrorReply,
    FilesReply,
    ModelServer,
    Reply,
    TextReply,
)
from tests.support.router_parts import router_to

REQUIREMENTS = Requirements.model_validate(
    {
        "name": "shop",
        "title": "Shop",
        "summary": "Sells tea.",
        "kind": "library",
        "language": "python",
        "items": [{"id": "R1", "category": "rule", "statement": "From 10 on it is cheaper."}],
    }
)
PRICE, CART = "shop/price.py", "shop/cart.py"
PRICES, CARTS = "tests/test_price.py", "tests/test_cart.py"
BLUEPRINT = Blueprint.model_validate(
    {
        "name": "shop",
        "kind": "library",
        "language": "python",
        "files": [
            {"path": PRICE, "role": "source", "purpose": "Prices."},
            {"path": CART, "role": "source", "purpose": "Carts."},
            {"path": PRICES, "role": "test", "purpose": "Proof.", "requirements": ["R1"]},
        ],
    }
)
SKELETON = {PRICE: "def price(count: int) -> int:\n    raise NotImplementedError\n"}
PROJECT = Project(REQUIREMENTS, BLUEPRINT, SKELETON)
BODY = "def price(count: int) -> int:\n    return 9 if count >= 10 else 10\n"
WEAK = """from shop.price import price


def few() -> int:
    return price(1)


def test_r1_few_cost_more() -> None:
    assert few() == 10


def test_r1_many_cost_less() -> None:
    assert price(20) == 9
"""
SHARP = "    assert price(10) == 9\n    assert price(20) == 9\n"
TEXTS = {
    PRICE: BODY,
    CART: "SIZE = 'nobody asks for it'\n",
    PRICES: WEAK,
    CARTS: "def test_r1_cart() -> None:\n    assert True\n",
}
UNNOTICED = {PRICE: ["line 2: `count >= 10` changed to `count > 10`"]}


def replacing(search: str, replacement: str, path: str = PRICES) -> str:
    """A block as most models form them."""
    return f"{path}\n<<<<<<< SEARCH\n{search}=======\n{replacement}>>>>>>> REPLACE\n"


BETTER = replacing("    assert price(20) == 9\n", SHARP)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def parser() -> AsyncIterator[Parser]:
    async with Parser() as opened:
        yield opened


@dataclass(frozen=True)
class Reading:
    """What the parser knows of some texts."""

    parser: Parser

    def tree(self) -> Tree:
        """A tree of which two files are tests."""
        return Tree(TEXTS, frozenset({PRICES, CARTS}), self.outlines, self.gate)

    async def outlines(self, texts: Mapping[str, str]) -> dict[str, Outline]:
        """Path → what a file defines."""
        sources = [SourceText(path=path, content=text) for path, text in texts.items()]
        found = await self.parser.analyze(sources)
        return {one.path: outline(texts[one.path], one) for one in found}

    async def gate(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Path → why a file does not parse."""
        sources = [SourceText(path=path, content=text) for path, text in texts.items()]
        found = await self.parser.analyze(sources)
        return {one.path: one.syntax.problems[0].message for one in found if one.syntax.problems}


def conversation(server: ModelServer, dialect: EditDialect = "search_replace") -> Conversation:
    return Conversation(
        router=router_to(server.base_url, MemoryCallStore(), profile=Profile(edit_dialect=dialect)),
        organisation_id=uuid4(),
        run_id=None,  # type: ignore[arg-type]  # no run: nothing is budgeted
        model="openai/scripted",
        limits=CallLimits(timeout_seconds=30, attempts=1, continuations=1),
    )


@dataclass(frozen=True)
class Asked:
    """What became of the tests, and what the model was asked, message by message."""

    changed: Mapping[str, str]
    questions: Sequence[Sequence[str]]


async def strengthened(
    parser: Parser, *replies: Reply | str, dialect: EditDialect = "search_replace"
) -> Asked:
    """The outcome where a model gives these replies."""
    script = [TextReply(content=one) if isinstance(one, str) else one for one in replies]
    async with ModelServer(script) as server:
        changed = await strengthen(
            conversation(server, dialect),
            PROJECT,
            tree=Reading(parser).tree(),
            unnoticed=UNNOTICED,
            round_number=1,
        )
        return Asked(changed, [_contents(request.messages) for request in server.requests])


def _contents(messages: Sequence[Mapping[str, str]]) -> list[str]:
    return [message["content"] for message in messages]


async def test_the_question_begins_as_that_of_the_testers_drafts(parser: Parser) -> None:
    async def gate(_file: PlannedFile, _content: str) -> Sequence[str]:
        return ()

    async with ModelServer([FilesReply(files={PRICES: WEAK})]) as server:
        test = [file for file in BLUEPRINT.files if file.path == PRICES]
        await draft(
            conversation(server), PROJECT, test, refused={}, gate=gate, max_bytes=1000, attempt=1
        )
        drafted = _contents(server.requests[0].messages)
    (question,) = (await strengthened(parser, "None of it is worth a test.")).questions
    assert question[:-1] == drafted[:-1]
    assert "Strengthen the tests" in question[-1]


async def test_only_the_code_that_was_changed_and_the_tests_are_shown(parser: Parser) -> None:
    (question,) = (await strengthened(parser, "None of it is worth a test.")).questions
    item = question[-1]
    assert UNNOTICED[PRICE][0] in item
    assert BODY in item
    assert WEAK in item
    assert TEXTS[CARTS] in item
    assert TEXTS[CART] not in item


PATCH = f"""*** Begin Patch
*** Update File: {PRICES}
@@ def test_r1_many_cost_less() -> None:
+    assert price(10) == 9
     assert price(20) == 9
*** End Patch
"""
WHOLE = WEAK.replace("    assert price(20) == 9\n", SHARP)


@pytest.mark.parametrize(
    ("dialect", "answer"),
    [
        ("search_replace", BETTER),
        ("fenced_search_replace", f"```python\n{BETTER}```\n"),
        ("apply_patch", PATCH),
        ("whole", f'<file path="{PRICES}">\n{WHOLE}</file>\n'),
    ],
)
async def test_a_model_is_asked_and_read_in_the_dialect_of_its_family(
    parser: Parser, dialect: EditDialect, answer: str
) -> None:
    asked = await strengthened(parser, answer, dialect=dialect)
    assert asked.changed == {PRICES: WHOLE}
    (question,) = asked.questions
    assert instructions(dialect).strip() in question[-1]


async def test_an_answer_that_is_cut_off_is_gone_on_from(parser: Parser) -> None:
    asked = await strengthened(parser, CutOffReply(content=BETTER, cuts=(70,)))
    assert asked.changed == {PRICES: WHOLE}


async def test_an_answer_in_words_says_that_nothing_is_worth_it(parser: Parser) -> None:
    asked = await strengthened(parser, "R1 says nothing of where exactly it gets cheaper.")
    assert (asked.changed, len(asked.questions)) == ({}, 1)


NEW = "\n\ndef test_r1_cart_again() -> None:\n    assert True\n"
TWO_MORE = replacing("    assert True\n", f"    assert True\n{NEW}", CARTS)
LAST = "    return 9 if count >= 10 else 10\n"
FEW = "def test_r1_few_cost_more() -> None:\n    assert few() == 10\n"
LOSING = replacing(f"{FEW}\n\n", "")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (replacing(LAST, LAST.replace("9", "8"), PRICE), f"{PRICE} is none of the test files"),
        (f'<file path="tests/test_new.py">\n{NEW}</file>\n', "is none of the test files"),
        (f'<delete path="{CARTS}"/>\n', "files stay where they are"),
        (replacing("    assert price(30)\n", "    assert price(31)\n"), "tests/test_price.py: "),
        (replacing(FEW, FEW.replace("few()", "few(")), "would not parse any more"),
        (LOSING, "tests/test_price.py: 1 tests"),
        (replacing(FEW, FEW.replace("few_cost_more", "few")), ": test_r1_few_cost_more;"),
        (replacing("    return price(1)\n", "    pass\n"), "tests/test_price.py: few;"),
    ],
)
async def test_what_cannot_stand_is_told_once_and_the_other_edits_are_kept(
    parser: Parser, wrong: str, reason: str
) -> None:
    asked = await strengthened(parser, f"{BETTER}\n{wrong}", TWO_MORE)
    assert asked.changed == {PRICES: WHOLE, CARTS: TEXTS[CARTS] + NEW}
    first, second = asked.questions
    assert second[: len(first)] == first
    assert reason in second[-1]
    assert "the others were applied" in second[-1]
    assert WHOLE in second[-1]


async def test_what_is_refused_again_stays_away(parser: Parser) -> None:
    asked = await strengthened(parser, LOSING, LOSING)
    assert (asked.changed, len(asked.questions)) == ({}, 2)


async def test_code_in_which_no_edit_can_be_read_is_asked_for_in_the_right_form(
    parser: Parser,
) -> None:
    asked = await strengthened(parser, f"```python\n{WHOLE}```\n", BETTER)
    assert asked.changed == {PRICES: WHOLE}
    assert "no edit could be read" in asked.questions[1][-1]


@pytest.mark.parametrize(
    "no_answer",
    [
        TextReply(content="no", finish_reason="content_filter"),
        ErrorReply(status=400, code="context_length_exceeded", message="too long"),
    ],
)
async def test_an_answer_that_cannot_be_had_takes_nothing_away(
    parser: Parser, no_answer: Reply
) -> None:
    assert (await strengthened(parser, no_answer)).changed == {}
    asked = await strengthened(parser, f"{BETTER}\n{LOSING}", no_answer)
    assert asked.changed == {PRICES: WHOLE}
