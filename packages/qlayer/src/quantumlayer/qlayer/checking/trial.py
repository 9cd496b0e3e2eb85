"""Running a project's tests, part by part, within one time limit."""

from collections.abc import Sequence
from pathlib import Path

from quantumlayer.qlayer.checking.model import SyntaxProblem
from quantumlayer.qtest import (
    Limits,
    TestReport,
    Unit,
    Verdict,
    combined,
    placed_in,
    run_tests,
)

MIB = 1024 * 1024
SECONDS = 120.0
LEAST_SECONDS = 0.5
# What compiled a language when its tests ran.
COMPILERS = {
    "go": "go", "rust": "rustc", "java": "javac", "c": "gcc", "cpp": "g++", "typescript": "tsc",
}  # fmt: skip


def limits_for(seconds: float | None) -> Limits:
    """The sandbox's limits when the tests of a path may take so long."""
    wall = seconds or SECONDS
    return Limits(wall_seconds=wall, cpu_seconds=max(1, round(wall * 2)), disk_bytes=1024 * MIB)


async def try_units(
    root: Path, units: Sequence[Unit], *, limits: Limits, cache: Path
) -> list[TestReport]:
    """The report on each unit, with the paths of the whole project.

    The time limit holds for all of them together. Units without tests, beside others with tests,
    are only built; they take nothing from the verdict when they can be.
    """
    left, reports = limits.wall_seconds, []
    for unit in units:
        bounds = limits.model_copy(update={"wall_seconds": max(left, LEAST_SECONDS)})
        report = await run_tests(
            root / unit.folder, language=unit.language, limits=bounds, cache=cache
        )
        left -= report.elapsed_seconds
        reports.append(placed_in(report, unit.folder))
    tested = [report for report in reports if report.verdict is not Verdict.NO_TESTS]
    proves = any(report.executed for report in tested)
    untested = {unit.language for unit in units if not unit.tested}
    return [
        report
        for report in reports
        if not (proves and report.verdict is Verdict.NO_TESTS and report.language in untested)
    ]


def together(reports: Sequence[TestReport]) -> TestReport | None:
    """One report of all units, None without any."""
    return combined(reports) if reports else None


def complaints(reports: Sequence[TestReport]) -> tuple[SyntaxProblem, ...]:
    """What compilers said of places in the project, where it did not compile."""
    return tuple(
        SyntaxProblem(
            path=one.path,
            line=one.line or 1,
            column=one.column or 1,
            message=one.message,
            tier=COMPILERS.get(report.language, report.language),
        )
        for report in reports
        for one in report.diagnostics
        if one.path
    )
