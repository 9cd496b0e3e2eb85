"""C and C++ projects as people build and test them: right code passes, wrong code never does.

A core of the table for every change; `make bench NAME=verdicts` runs all of it.
"""

from pathlib import Path

import pytest

from quantumlayer.qtest import Sandbox, Verdict, run_tests
from tests.packages.qtest.matrix.cells import Cell
from tests.packages.qtest.native import absent, ctest
from tests.packages.qtest.native.cells import CORE, cell, cells

ALL = list(cells())


@pytest.mark.parametrize(
    "project", [one for one in ALL if one.core], ids=lambda project: project.name
)
async def test_every_way_to_build_and_test_gets_the_verdict_it_deserves(
    project: Cell, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    report = await run_tests(
        project.write(tmp_path), cache=cache, limits=project.limits, sandbox=sandbox, language="c"
    )
    assert report.verdict is project.verdict, report.reason


async def test_skipped_and_disabled_tests_are_counted_as_skipped(
    tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    tail, _, right, _ = ctest.PROJECTS["properties of all kinds"]
    files = {**ctest.GAUGE, "CMakeLists.txt": ctest.HEAD + tail}
    folder = cell("properties", "properties", files, right).write(tmp_path)
    report = await run_tests(folder, cache=cache, sandbox=sandbox)
    assert {case.name: case.outcome for case in report.cases} == ctest.OUTCOMES


@pytest.mark.parametrize("name", sorted(CORE & absent.OF_THE_MACHINE.keys()))
async def test_what_the_machine_lacks_is_named(
    name: str, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    files, named = absent.OF_THE_MACHINE[name]
    folder = cell(name, name, files, Verdict.INFRASTRUCTURE_ERROR).write(tmp_path)
    report = await run_tests(folder, cache=cache, sandbox=sandbox, language="c")
    assert named in report.reason


def test_wrong_code_is_never_to_be_passed() -> None:
    assert all(one.verdict is not Verdict.PASSED for one in ALL if one.name.endswith(", wrong"))
    assert {one.verdict for one in ALL if one.core} == {
        Verdict.PASSED, Verdict.FAILED, Verdict.NO_TESTS, Verdict.INFRASTRUCTURE_ERROR,
    }  # fmt: skip
