"""The interfaces: what is asked for, what is told of the stack, and what counts as unwritten."""

from typing import Any

import pytest

from quantumlayer.agents import (
    Setting,
    interface_files,
    is_unwritten,
    mend_interfaces,
    write_interfaces,
)
from quantumlayer.agents.planning import PlanAnswer, blueprint_of
from quantumlayer.qlayer.stacks import named, stack
from tests.support import sample_project as sample
from tests.support.conversations import conversation_with
from tests.support.model_server import FilesReply, ModelServer

FILES: list[dict[str, Any]] = [
    {"path": "src/library_service/loans/rules.py", "role": "source", "purpose": "Who may lend.",
     "requirements": ["R2"]},
    {"path": "src/library_service/migrations/0001_loans.sql", "role": "configuration",
     "purpose": "The tables."},
    {"path": "tests/unit/test_rules.py", "role": "test", "purpose": "Proof."},
    {"path": "README.md", "role": "documentation", "purpose": "What it is."},
]  # fmt: skip
ANSWER = PlanAnswer.model_validate({"stack": "python-service", "files": FILES})
BLUEPRINT = blueprint_of(sample.requirements(), [ANSWER])
SETTING = Setting(sample.requirements(), BLUEPRINT, named(stack("python-service"), BLUEPRINT.name))
RULES, TABLES, PUT_TOGETHER = interface_files(BLUEPRINT)
HOLLOW = "def may_lend() -> bool:\n    raise NotImplementedError\n"


def said(server: ModelServer) -> list[list[str]]:
    return [[message["content"] for message in one.messages] for one in server.requests]


def test_tests_and_documents_have_no_interface() -> None:
    paths = [file.path for file in (RULES, TABLES, PUT_TOGETHER)]

    assert paths == [FILES[0]["path"], FILES[1]["path"], "src/library_service/application.py"]


async def test_rules_plan_and_starter_come_first_and_the_files_last() -> None:
    async with ModelServer([FilesReply(files={RULES.path: HOLLOW})]) as server:
        answer = await write_interfaces(conversation_with(server), SETTING, [RULES], {}, 1)

    assert answer.files == {RULES.path: HOLLOW}
    _, ground, item = said(server)[0]
    assert "mypy --strict" in ground
    assert "A1: A loan is open until it has a return date." in ground
    assert "`src/library_service/database.py`, which stays as it is:" in ground
    assert "`src/library_service/notes/routes.py`, which shows how things are done" in ground
    assert "`src/library_service/application.py`, as the starter has it" in ground
    assert "--hash=sha256" not in ground
    assert f"- {RULES.path}: Who may lend. [R2]" in item
    assert "`raise NotImplementedError` and nothing else" in item
    assert "`.venv/bin/mypy`" in item
    assert "fastapi" in item


async def test_what_is_written_is_shown_to_who_writes_on_and_the_beginning_stays() -> None:
    replies = [
        FilesReply(files={RULES.path: HOLLOW}),
        FilesReply(files={TABLES.path: "SELECT 1;\n"}),
    ]
    async with ModelServer(replies) as server:
        asking = conversation_with(server)
        await write_interfaces(asking, SETTING, [RULES], {}, 1)
        await write_interfaces(asking, SETTING, [TABLES], {RULES.path: HOLLOW}, 2)

    first, second = said(server)
    assert second[:2] == first[:2]
    assert HOLLOW in second[2]


async def test_what_did_not_come_does_not_end_the_rest() -> None:
    async with ModelServer([FilesReply(files={RULES.path: HOLLOW})]) as server:
        answer = await write_interfaces(conversation_with(server), SETTING, [RULES, TABLES], {}, 1)

    assert (set(answer.files), answer.missing) == ({RULES.path}, (TABLES.path,))


async def test_complaints_are_given_back_and_some_files_come_anew() -> None:
    written = {RULES.path: HOLLOW, TABLES.path: "SELECT 1;\n"}
    async with ModelServer([FilesReply(files={RULES.path: "# mended\n"})]) as server:
        complaints = [f"{RULES.path}:1: error: no"]
        answer = await mend_interfaces(conversation_with(server), SETTING, written, complaints, 1)

    assert answer.files == {RULES.path: "# mended\n"}
    assert complaints[0] in said(server)[0][-1]


@pytest.mark.parametrize(
    ("text", "unwritten"),
    [
        (HOLLOW, True),
        ("export function a() {\n  throw new Error('not written');\n}\n", True),
        ('func A() {\n\tpanic("not written")\n}\n', True),
        ("pub fn a() {\n    todo!()\n}\n", True),
        ('throw new UnsupportedOperationException("not written");\n', True),
        ("CREATE TABLE loans (id INTEGER PRIMARY KEY);\n", False),
        ("export type Loan = { id: number };\n", False),
    ],
)
def test_a_file_is_whole_where_no_body_is_missing(text: str, unwritten: bool) -> None:
    assert is_unwritten(text) is unwritten
