"""Evidence of the parser and of the test runner in the report's own words."""

from collections.abc import Iterable, Sequence

from quantumlayer.parser import FileAnalysis, Finding
from quantumlayer.qlayer.checking.model import (
    CoverageEntry,
    CoveredFile,
    Failure,
    FindingEntry,
    MeasuredFile,
    Metrics,
    SyntaxProblem,
    TestsEntry,
)
from quantumlayer.qtest import CaseOutcome, TestReport

BROKEN = (CaseOutcome.FAILED, CaseOutcome.ERROR)
DOUBT = "syntax-unsure"
SYNTAX_RULES = frozenset({"invalid-syntax"})
MOST_FAILURES = 200
MOST_FINDINGS = 1_000


def tests_entry(report: TestReport | None) -> TestsEntry:
    """Counts and failures, the failures bounded in number."""
    if report is None:
        return TestsEntry()
    failures = tuple(
        Failure(name=case.name, message=case.message, path=case.path, line=case.line)
        for case in report.cases
        if case.outcome in BROKEN
    )
    return TestsEntry(
        runner=report.runner,
        executed=report.executed,
        passed=report.passed,
        failed=report.failed,
        errors=report.errors,
        skipped=report.skipped,
        failures=failures[:MOST_FAILURES],
        flaky=report.flaky,
    )


def coverage_entry(report: TestReport | None) -> CoverageEntry | None:
    """Coverage as it was measured."""
    if report is None or report.coverage is None:
        return None
    return CoverageEntry(
        lines_percent=report.coverage.lines_percent,
        branches_percent=report.coverage.branches_percent,
        unloaded=report.coverage.unloaded,
        files=tuple(
            CoveredFile(
                path=file.path, lines_percent=file.lines_percent, missing_lines=file.missing_lines
            )
            for file in report.coverage.files
        ),
    )


def finding_entries(
    findings: Iterable[Finding], problems: Sequence[SyntaxProblem], doubts: Iterable[SyntaxProblem]
) -> tuple[FindingEntry, ...]:
    """Findings by severity and place, with doubts about syntax as low ones.

    What a linter says of a file that is not well formed is an echo, and left out.
    """
    malformed = {one.path for one in problems}
    found = [
        FindingEntry(
            rule=one.rule,
            severity=one.severity.value,
            path=one.path,
            line=one.line,
            column=one.column,
            message=one.message,
            fix=(one.fix.description if one.fix else one.help) or None,
            tool=one.tool,
        )
        for one in findings
        if one.rule not in SYNTAX_RULES and one.path not in malformed
    ]
    found += [
        FindingEntry(
            rule=DOUBT,
            severity="low",
            path=one.path,
            line=one.line,
            column=one.column,
            message=one.message,
            tool=one.tier,
        )
        for one in doubts
    ]
    ranks = {"high": 0, "medium": 1, "low": 2}
    found.sort(key=lambda one: (ranks[one.severity], one.path, one.line, one.column, one.rule))
    return tuple(found[:MOST_FINDINGS])


def metrics_entry(analyses: Iterable[FileAnalysis]) -> Metrics | None:
    """The measures of sources in languages that have functions."""
    from quantumlayer.qlayer.quality import summarize_code  # noqa: PLC0415 - slow to load: better while the tests run

    summary = summarize_code(analyses)
    if summary is None:
        return None
    return Metrics(
        lines_of_code=summary.lines_of_code,
        functions=summary.functions,
        duplicated_lines=summary.duplicated_lines,
        quality=summary.quality,
        files=tuple(
            MeasuredFile(
                path=file.path,
                language=file.language,
                lines_of_code=file.lines_of_code,
                cyclomatic_complexity=file.cyclomatic_complexity,
                cognitive_complexity=file.cognitive_complexity,
                quality=file.quality,
            )
            for file in summary.files
        ),
    )
