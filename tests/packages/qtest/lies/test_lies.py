"""No lie makes a wrong project pass, and no honest project is called a liar."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from quantumlayer.qtest import Limits, Sandbox, TestReport, Verdict, run_tests
from tests.packages.qtest.lies import javascript, python
from tests.packages.qtest.lies.cells import Files, Honest, Lie, write

pytestmark = pytest.mark.slow

LIMITS = Limits(wall_seconds=40, cpu_seconds=40)
SHORT = LIMITS.model_copy(update={"wall_seconds": 5.0})
AT_ONCE = 2
LIES = [(module, lie) for module in (python, javascript) for lie in module.LIES]
HONEST = [(module, honest) for module in (python, javascript) for honest in module.HONEST]
Reports = Mapping[str, TestReport]


def named(value: object) -> str:
    """A lie's name, or a language's."""
    if isinstance(value, Lie | Honest):
        return value.id
    return str(getattr(value, "__name__", value)).rpartition(".")[2]


async def reports(
    projects: Mapping[str, tuple[Files, ...]],
    hanging: frozenset[str],
    folder: Path,
    cache: Path,
    sandbox: Sandbox,
) -> Reports:
    """The reports on many projects, a few at a time; equal ones are run once."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> TestReport:
        async with turn:
            project = write(folder / name, *projects[name])
            limits = SHORT if name in hanging else LIMITS
            return await run_tests(project, cache=cache, limits=limits, sandbox=sandbox)

    first: dict[str, str] = {}
    same = {name: first.setdefault(repr(files), name) for name, files in projects.items()}
    found = await asyncio.gather(*map(one, first.values()))
    known = dict(zip(first.values(), found, strict=True))
    return {name: known[other] for name, other in same.items()}


@pytest.fixture(scope="module")
async def lying(tmp_path_factory: pytest.TempPathFactory, cache: Path, sandbox: Sandbox) -> Reports:
    """Every lie, told about wrong code."""
    projects = {
        f"{named(module)} {lie.id}": (module.WRONG, module.BASE, lie.files) for module, lie in LIES
    }
    hanging = frozenset(f"{named(module)} {lie.id}" for module, lie in LIES if lie.hangs)
    return await reports(projects, hanging, tmp_path_factory.mktemp("lies"), cache, sandbox)


@pytest.fixture(scope="module")
async def truthful(
    tmp_path_factory: pytest.TempPathFactory, cache: Path, sandbox: Sandbox
) -> Reports:
    """About right code, what is no lie."""
    twins = {
        f"{named(module)} {lie.id}": (module.RIGHT, module.BASE, lie.honest) for module, lie in LIES
    }
    ordinary = {
        f"{named(module)} {honest.id}": (module.RIGHT, module.BASE, honest.files)
        for module, honest in HONEST
    }
    folder = tmp_path_factory.mktemp("truths")
    return await reports({**twins, **ordinary}, frozenset(), folder, cache, sandbox)


@pytest.mark.parametrize(("module", "lie"), LIES, ids=named)
def test_no_lie_makes_a_wrong_project_pass(module: object, lie: Lie, lying: Reports) -> None:
    report = lying[f"{named(module)} {lie.id}"]
    assert report.verdict is (Verdict.TIMED_OUT if lie.hangs else Verdict.FAILED), report


@pytest.mark.parametrize(("module", "lie"), LIES, ids=named)
def test_its_honest_twin_passes(module: object, lie: Lie, truthful: Reports) -> None:
    report = truthful[f"{named(module)} {lie.id}"]
    assert report.verdict is Verdict.PASSED, report


@pytest.mark.parametrize(("module", "honest"), HONEST, ids=named)
def test_what_ordinary_projects_do_is_no_lie(
    module: object, honest: Honest, truthful: Reports
) -> None:
    report = truthful[f"{named(module)} {honest.id}"]
    assert report.verdict is Verdict.PASSED, report


def test_the_table_is_as_large_as_it_must_be() -> None:
    assert len(python.LIES) >= 30
    assert len(javascript.LIES) >= 20
