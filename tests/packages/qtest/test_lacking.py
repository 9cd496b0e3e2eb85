"""Whose fault it is that something could not be imported."""

from pathlib import Path, PurePosixPath

import pytest

from quantumlayer.manifests import OfferedGroup, Shortfall
from quantumlayer.qtest import CaseOutcome, Environment, Language, TestCase, TestReport, Verdict
from quantumlayer.qtest.lacking import explained, groups_for

FROM_GIT = Shortfall(
    reason="`lib` does not come from the registry", path="a.txt", line=3, provides=("lib",)
)
COMPUTED = Shortfall(reason="`install_requires` is computed", path="setup.py", line=7)
PLUGIN = Shortfall(reason="it comes from git", path="a.txt", line=1, provides=("pytest-own",))
MISSING = "ModuleNotFoundError: No module named '{}'"


def environment(*shortfalls: Shortfall, offered: tuple[OfferedGroup, ...] = ()) -> Environment:
    return Environment(
        language=Language.PYTHON, key="k", folder=None, mounts=(), executable=PurePosixPath("p"),
        shortfalls=shortfalls, offered=offered,
    )  # fmt: skip


def failing(*messages: str, outcome: CaseOutcome = CaseOutcome.ERROR) -> TestReport:
    cases = tuple(
        TestCase(name=f"t{number}", path="test_a.py", outcome=outcome, message=message)
        for number, message in enumerate(messages)
    )
    verdict = Verdict.NO_TESTS if outcome is CaseOutcome.SKIPPED else Verdict.FAILED
    return TestReport(verdict=verdict, reason="r", runner="pytest", language="python", cases=cases)


@pytest.mark.parametrize(
    ("message", "shortfall", "named"),
    [
        (MISSING.format("lib"), FROM_GIT, "a.txt:3"),
        (MISSING.format("lib.inner"), FROM_GIT, "a.txt:3"),
        (MISSING.format("anything"), COMPUTED, "setup.py:7"),
        ("E       fixture 'own' not found", PLUGIN, "a.txt:1"),
        ("E       fixture 'own' not found", COMPUTED, "setup.py:7"),
        ("error: unrecognized arguments: --own", PLUGIN, "a.txt:1"),
        ("importlib.metadata.PackageNotFoundError: No package metadata was found for lib",
         FROM_GIT, "a.txt:3"),
        (MISSING.format("_tkinter"), FROM_GIT, "_tkinter"),
    ],
)  # fmt: skip
def test_what_the_manifest_asks_for_and_does_not_get_is_nobodys_fault(
    message: str, shortfall: Shortfall, named: str, tmp_path: Path
) -> None:
    found = explained(failing(message), environment(shortfall), tmp_path)
    assert (found.verdict, named in found.reason) == (Verdict.INFRASTRUCTURE_ERROR, True)


@pytest.mark.parametrize(
    ("messages", "shortfalls"),
    [
        ([MISSING.format("other")], [FROM_GIT]),
        ([MISSING.format("lib")], []),
        (["E       fixture 'own' not found"], [FROM_GIT]),
        (["assert 1 == 2"], [COMPUTED]),
        ([MISSING.format("lib"), "assert 1 == 2"], [FROM_GIT]),
    ],
)
def test_what_no_manifest_speaks_of_is_the_projects(
    messages: list[str], shortfalls: list[Shortfall], tmp_path: Path
) -> None:
    found = explained(failing(*messages), environment(*shortfalls), tmp_path)
    assert found.verdict is Verdict.FAILED


def test_a_module_of_the_project_that_is_not_there_is_the_projects(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    found = explained(failing(MISSING.format("shop.cart")), environment(COMPUTED), tmp_path)
    assert found.verdict is Verdict.FAILED


def test_a_module_that_a_build_would_make_is_nobodys_fault(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "_fast.pyx").write_text("")
    found = explained(failing(MISSING.format("shop._fast")), environment(), tmp_path)
    assert found.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert "_fast.pyx" in found.reason


def test_tests_that_all_skip_for_it_prove_nothing_either(tmp_path: Path) -> None:
    skipped = failing("could not import 'lib': not there", outcome=CaseOutcome.SKIPPED)
    assert (
        explained(skipped, environment(FROM_GIT), tmp_path).verdict is Verdict.INFRASTRUCTURE_ERROR
    )
    assert explained(skipped, environment(), tmp_path).verdict is Verdict.NO_TESTS


def test_an_offered_group_that_brings_it_is_asked_for() -> None:
    yaml = OfferedGroup(name="yaml", path="pyproject.toml", requirements=("pyyaml>=6",))
    docs = OfferedGroup(name="docs", path="pyproject.toml", requirements=("sphinx",))
    offering = environment(offered=(docs, yaml))
    assert groups_for(failing(MISSING.format("yaml")), offering) == (yaml,)
    assert groups_for(failing("assert 1 == 2"), offering) == ()
