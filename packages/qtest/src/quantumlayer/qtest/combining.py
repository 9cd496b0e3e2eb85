"""Putting reports together: a second run that names what is flaky, and several languages."""

from collections.abc import Sequence

from quantumlayer.qtest.model import CaseOutcome, Coverage, TestReport, Verdict
from quantumlayer.qtest.runners.readable import tail
from quantumlayer.qtest.runners.verdict import BROKEN


def with_flaky(first: TestReport, second: TestReport) -> TestReport:
    """The first report, with the tests named that passed when they were run again.

    A project that is flaky has not passed: who reads the report may decide otherwise.
    """
    passed = _tests(second, CaseOutcome.PASSED)
    broken = _tests(second, *BROKEN)
    flaky = tuple(
        case.name
        for case in first.cases
        if case.outcome in BROKEN and (case.path, case.name) in passed - broken
    )
    if not flaky:
        return first
    said = f"{first.reason} (flaky, passed when run again: {', '.join(flaky)})"
    return first.model_copy(
        update={
            "flaky": flaky,
            "reason": said,
            "elapsed_seconds": second.elapsed_seconds,
        }
    )


def _tests(report: TestReport, *outcomes: CaseOutcome) -> set[tuple[str, str]]:
    """Path and name of the tests that ended so: a name alone may stand in several files."""
    return {(case.path, case.name) for case in report.cases if case.outcome in outcomes}


SEVERITY = (
    Verdict.PASSED,
    Verdict.INCOMPLETE,
    Verdict.NO_TESTS,
    Verdict.FAILED,
    Verdict.TIMED_OUT,
    Verdict.INFRASTRUCTURE_ERROR,
)


def combined(reports: Sequence[TestReport]) -> TestReport:
    """One report for a project of several languages: the worst verdict, and all that was found."""
    if len(reports) == 1:
        return reports[0]
    worst = max(reports, key=lambda each: SEVERITY.index(each.verdict))
    measured = [each.coverage for each in reports if each.coverage is not None]
    return TestReport(
        verdict=worst.verdict,
        reason=" ".join(f"{each.language}: {each.reason}" for each in reports),
        runner=", ".join(each.runner for each in reports),
        language=", ".join(each.language for each in reports),
        executed=sum(each.executed for each in reports),
        passed=sum(each.passed for each in reports),
        failed=sum(each.failed for each in reports),
        errors=sum(each.errors for each in reports),
        skipped=sum(each.skipped for each in reports),
        cases=tuple(case for each in reports for case in each.cases),
        coverage=together(measured),
        sandbox=worst.sandbox or reports[0].sandbox,
        limits_hit=tuple(sorted({limit for each in reports for limit in each.limits_hit})),
        elapsed_seconds=round(sum(each.elapsed_seconds for each in reports), 3),
        output=tail("\n".join(each.output for each in reports)),
        languages=tuple(each.language for each in reports),
        diagnostics=tuple(entry for each in reports for entry in each.diagnostics),
        flaky=tuple(name for each in reports for name in each.flaky),
        undetermined=tuple(one for each in reports for one in each.undetermined),
        notes=tuple(dict.fromkeys(note for each in reports for note in each.notes)),
    )


def together(measured: Sequence[Coverage]) -> Coverage | None:
    """Coverage of several languages: what each file says, weighed by its lines."""
    if len(measured) < 2:
        return measured[0] if measured else None
    files = tuple(entry for each in measured for entry in each.files)
    known = all(entry.lines for entry in files) and all(each.files for each in measured)
    weighed = [(entry.lines_percent, entry.lines) for entry in files if known] or [
        (each.lines_percent, 1) for each in measured for _ in each.files or (None,)
    ]
    branches = [
        each.branches_percent
        for each in measured
        for _ in each.files or (None,)
        if each.branches_percent is not None
    ]
    return Coverage(
        lines_percent=round(
            sum(percent * lines for percent, lines in weighed) / sum(lines for _, lines in weighed),
            2,
        ),
        branches_percent=round(sum(branches) / len(branches), 2) if branches else None,
        files=files,
    )
