"""Who writes which file: the persona that the plan names, or the first that takes such files."""

from __future__ import annotations

import pytest

from quantumlayer.agents.personas import REVIEWER, cast, persona, personas
from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile
from quantumlayer.qlayer.requirements import ApplicationKind, Language
from quantumlayer.qlayer.stacks import Stack, role_of, stacks


def planned(path: str, role: FileRole = FileRole.SOURCE, agent: str = "") -> Blueprint:
    file = PlannedFile(path=path, role=role, purpose="Something.", agent=agent)
    return Blueprint(
        name="shop", kind=ApplicationKind.SERVICE, language=Language.PYTHON, files=(file,)
    )


def writer(path: str, role: FileRole = FileRole.SOURCE, agent: str = "") -> str:
    return cast(planned(path, role, agent)).files[0].agent


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("page/boards/board-page.tsx", "front-end"),
        ("src/styles.css", "front-end"),
        ("server/boards/routes.ts", "service"),
        ("server/boards/repository.ts", "data"),
        ("src/shop/migrations/0002_orders.sql", "data"),
        ("src/main/java/com/example/shop/orders/OrderStore.java", "data"),
        ("src/main/java/com/example/shop/orders/OrderRoutes.java", "service"),
        ("src/shop/commands.py", "engineer"),
        ("src/shop/cli/report.py", "command-line"),
        ("src/shop/prices.py", "engineer"),
        ("intervals.go", "engineer"),
    ],
)
def test_sources_go_to_who_knows_such_files(path: str, name: str) -> None:
    assert writer(path) == name


@pytest.mark.parametrize(
    ("path", "role", "name"),
    [
        ("tests/browser/drag.spec.ts", FileRole.TEST, "browser-tester"),
        ("tests/api/test_orders.py", FileRole.TEST, "tester"),
        ("internal/orders/orders_test.go", FileRole.TEST, "tester"),
        ("docs/usage.md", FileRole.DOCUMENTATION, "writer"),
        (".env.example", FileRole.CONFIGURATION, "platform"),
        ("index.html", FileRole.CONFIGURATION, "front-end"),
    ],
)
def test_what_is_no_source_has_writers_of_its_own(path: str, role: FileRole, name: str) -> None:
    assert writer(path, role) == name


def test_the_plan_decides_where_it_names_somebody_who_takes_such_files() -> None:
    assert writer("src/shop/prices.py", agent="service") == "service"


@pytest.mark.parametrize("agent", ["tester", "reviewer", "wizard"])
def test_nobody_writes_what_is_not_theirs_even_when_the_plan_says_so(agent: str) -> None:
    assert writer("src/shop/prices.py", agent=agent) == "engineer"


@pytest.mark.parametrize("stack", stacks(), ids=lambda one: one.name)
def test_every_file_of_every_starter_has_a_writer(stack: Stack) -> None:
    for file in stack.starter:
        found = persona(writer(file.path, role_of(stack, file.path)))
        assert found is not None
        assert role_of(stack, file.path) in found.roles


@pytest.mark.parametrize("role", FileRole)
def test_whatever_the_path_somebody_takes_it(role: FileRole) -> None:
    assert writer("zzz/unheard.of", role)


def test_the_reviewer_writes_nothing() -> None:
    reviewer = persona(REVIEWER)
    assert reviewer is not None
    assert not reviewer.roles


def test_what_a_persona_watches_for_is_one_paragraph() -> None:
    for one in personas():
        assert "\n" not in one.watches
        assert one.watches.endswith((".", "?"))
