"""C and C++ projects as they are built and tested: right code passes, wrong code never does."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from quantumlayer.qtest import Limits, Sandbox, TestReport, Verdict, run_tests
from tests.packages.qtest.native import absent, ctest, make

BOUNDS = Limits(wall_seconds=60, cpu_seconds=60)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """A project on disk; scripts can be run."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if text.startswith("#!"):
            path.chmod(0o755)
    return folder


async def report_on(
    files: Mapping[str, str], folder: Path, cache: Path, sandbox: Sandbox
) -> TestReport:
    return await run_tests(
        write(folder, files), cache=cache, limits=BOUNDS, sandbox=sandbox, language="c"
    )


def with_wrong_code(files: Mapping[str, str], change: tuple[str, str]) -> dict[str, str]:
    changed = {name: text.replace(*change) for name, text in files.items()}
    assert changed != dict(files)
    return changed


@pytest.mark.parametrize("name", make.PROJECTS)
async def test_whatever_make_runs_is_judged_by_what_ran(
    name: str, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    added, right, wrong = make.PROJECTS[name]
    files = {**make.CLOCK, **added}
    report = await report_on(files, tmp_path / "right", cache, sandbox)
    assert report.verdict is right, report.reason
    report = await report_on(with_wrong_code(files, make.WRONG), tmp_path / "wrong", cache, sandbox)
    assert report.verdict is wrong, report.reason
    assert report.verdict is not Verdict.PASSED


@pytest.mark.parametrize("name", ctest.PROJECTS)
async def test_ctest_says_what_a_status_means(
    name: str, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    tail, added, right, wrong = ctest.PROJECTS[name]
    files = {**ctest.GAUGE, "CMakeLists.txt": ctest.HEAD + tail, **added}
    report = await report_on(files, tmp_path / "right", cache, sandbox)
    assert report.verdict is right, report.reason
    report = await report_on(
        with_wrong_code(files, ctest.WRONG), tmp_path / "wrong", cache, sandbox
    )
    assert report.verdict is wrong, report.reason


async def test_skipped_and_disabled_tests_are_counted_as_skipped(
    tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    tail, _, _, _ = ctest.PROJECTS["properties of all kinds"]
    files = {**ctest.GAUGE, "CMakeLists.txt": ctest.HEAD + tail}
    report = await report_on(files, tmp_path, cache, sandbox)
    assert {case.name: case.outcome for case in report.cases} == ctest.OUTCOMES


@pytest.mark.parametrize("name", absent.OF_THE_MACHINE)
async def test_what_the_machine_lacks_is_named_and_not_held_against_the_project(
    name: str, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    files, named = absent.OF_THE_MACHINE[name]
    report = await report_on(files, tmp_path, cache, sandbox)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR, report.reason
    assert named in report.reason


@pytest.mark.parametrize("name", absent.OF_THE_PROJECT)
async def test_what_the_project_lacks_fails_it(
    name: str, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    report = await report_on(absent.OF_THE_PROJECT[name], tmp_path, cache, sandbox)
    assert report.verdict is Verdict.FAILED, report.reason


@pytest.mark.parametrize("name", absent.ENOUGH)
async def test_what_the_tests_do_not_need_is_not_missed(
    name: str, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    report = await report_on(absent.ENOUGH[name], tmp_path, cache, sandbox)
    assert report.verdict is Verdict.PASSED, report.reason
