"""No lie makes a wrong project pass, and no honest project is called a liar."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from quantumlayer.qtest import Limits, Sandbox, TestReport, Verdict, run_tests
from tests.packages.qtest.lies import python
from tests.packages.qtest.lies.cells import Files, Honest, Lie, write

LIMITS = Limits(wall_seconds=40, cpu_seconds=40)
AT_ONCE = 2
LIES = [(module, lie) for module in (python,) for lie in module.LIES]
HONEST = [(module, honest) for module in (python,) for honest in module.HONEST]
Reports = Mapping[str, TestReport]


def named(value: object) -> str:
    return value.id if isinstance(value, Lie | Honest) else str(value).rpartition(".")[2]


async def reports(
    projects: Mapping[str, tuple[Files, ...]], folder: Path, cache: Path, sandbox: Sandbox
) -> Reports:
    """The reports on many projects, a few at a time; equal ones are run once."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> TestReport:
        async with turn:
            project = write(folder / name, *projects[name])
            return await run_tests(project, cache=cache, limits=LIMITS, sandbox=sandbox)

    first: dict[str, str] = {}
    same = {name: first.setdefault(repr(files), name) for name, files in projects.items()}
    found = await asyncio.gather(*map(one, first.values()))
    known = dict(zip(first.values(), found, strict=True))
    return {name: known[other] for name, other in same.items()}


@pytest.fixture(scope="module")
async def judged(
    tmp_path_factory: pytest.TempPathFactory, cache: Path, sandbox: Sandbox
) -> Reports:
    """Every lie, told about wrong code; and, about right code, what is no lie."""
    projects: dict[str, tuple[Files, ...]] = {}
    for module, lie in LIES:
        projects[f"{named(module)} lie {lie.id}"] = (module.WRONG, module.BASE, lie.files)
        projects[f"{named(module)} twin {lie.id}"] = (module.RIGHT, module.BASE, lie.honest)
    for module, honest in HONEST:
        projects[f"{named(module)} honest {honest.id}"] = (module.RIGHT, module.BASE, honest.files)
    return await reports(projects, tmp_path_factory.mktemp("lies"), cache, sandbox)


@pytest.mark.parametrize(("module", "lie"), LIES, ids=named)
def test_no_lie_makes_a_wrong_project_pass(module: object, lie: Lie, judged: Reports) -> None:
    report = judged[f"{named(module)} lie {lie.id}"]
    assert report.verdict is Verdict.FAILED, report


@pytest.mark.parametrize(("module", "lie"), LIES, ids=named)
def test_its_honest_twin_passes(module: object, lie: Lie, judged: Reports) -> None:
    report = judged[f"{named(module)} twin {lie.id}"]
    assert report.verdict is Verdict.PASSED, report


@pytest.mark.parametrize(("module", "honest"), HONEST, ids=named)
def test_what_ordinary_projects_do_is_no_lie(
    module: object, honest: Honest, judged: Reports
) -> None:
    report = judged[f"{named(module)} honest {honest.id}"]
    assert report.verdict is Verdict.PASSED, report


def test_the_table_is_as_large_as_it_must_be() -> None:
    assert len(python.LIES) >= 30
