"""Evidence from the parser and the test runner, as the report keeps it: reproducible."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from quantumlayer.qlayer.quality.policy import Severity
from quantumlayer.qlayer.quality.report import (
    SYNTAX_RULE,
    CoverageSummary,
    FileCoverage,
    Finding,
    MutationSummary,
    TestOutcome,
    TestSummary,
    UnnoticedChange,
)
from quantumlayer.qlayer.quality.steady import reproducible
from quantumlayer.qlayer.quality.tracing import named_requirements

if TYPE_CHECKING:
    # Only their shapes are needed here: who reads reports need not install grammars.
    from quantumlayer import parser, qtest

_OUT_OF_TIME = "There was no time to try all the changes that were chosen."
_UNNOTICED = ("survived", "not_covered")


_UNSURE_RULE = "syntax-unsure"


def syntax_findings(analyses: Iterable[parser.FileAnalysis]) -> tuple[Finding, ...]:
    """A high finding for each syntax error, a low one for each doubt; `tool` names who decided."""
    return tuple(
        Finding(
            rule=rule,
            severity=severity,
            path=analysis.path,
            line=problem.line,
            column=problem.column,
            message=problem.message,
            excerpt=problem.excerpt,
            tool=analysis.syntax.tier.value,
        )
        for analysis in analyses
        for rule, severity, problems in (
            (SYNTAX_RULE, Severity.HIGH, analysis.syntax.errors),
            (_UNSURE_RULE, Severity.LOW, analysis.syntax.doubts),
        )
        for problem in problems
    )


def lint_findings(findings: Iterable[parser.Finding]) -> tuple[Finding, ...]:
    """Linters' findings as nouns of the report."""
    return tuple(
        Finding(
            rule=finding.rule,
            severity=Severity(finding.severity.value),
            path=finding.path,
            line=finding.line,
            column=finding.column,
            message=finding.message,
            fix=finding.fix.description if finding.fix else None,
            tool=finding.tool,
        )
        for finding in findings
    )


def summarize_tests(report: qtest.TestReport) -> TestSummary:
    """The test report without what differs from run to run, cases sorted by place."""
    return TestSummary(
        verdict=report.verdict,
        reason=reproducible(report.reason),
        runner=report.runner,
        language=report.language,
        executed=report.executed,
        passed=report.passed,
        failed=report.failed,
        errors=report.errors,
        skipped=report.skipped,
        cases=summarize_cases(report.cases),
        sandbox=report.sandbox,
        limits_hit=report.limits_hit,
        notes=report.notes,
    )


def summarize_cases(cases: Iterable[qtest.TestCase]) -> tuple[TestOutcome, ...]:
    """Tests without what differs from run to run, sorted by place."""
    found = map(_outcome, cases)
    return tuple(sorted(found, key=lambda case: (case.path, case.line or 0, case.name)))


def summarize_coverage(
    report: qtest.TestReport, given: Collection[str] = ()
) -> CoverageSummary | None:
    """Coverage in percent with one decimal, files sorted by path; None when not measured.

    `given` are the paths of files that came with the stack as they are.
    """
    coverage = report.coverage
    if coverage is None:
        return None
    branches = coverage.branches_percent
    return CoverageSummary(
        lines_percent=round(coverage.lines_percent, 1),
        branches_percent=None if branches is None else round(branches, 1),
        written_percent=_written_percent(coverage.files, given),
        files=tuple(
            FileCoverage(
                path=file.path,
                lines_percent=round(file.lines_percent, 1),
                missing_lines=file.missing_lines,
            )
            for file in sorted(coverage.files, key=lambda file: file.path)
        ),
    )


def _written_percent(files: Sequence[qtest.FileCoverage], given: Collection[str]) -> float | None:
    written = [file for file in files if file.path not in given]
    lines = sum(file.lines for file in written)
    if len(written) == len(files) or any(file.lines == 0 for file in files) or lines == 0:
        return None
    return round(sum(file.lines * file.lines_percent for file in written) / lines, 1)


def summarize_mutation(report: qtest.MutationReport) -> MutationSummary:
    """The mutation report without what differs from run to run.

    Where time ran out, how far it came depends on the machine: then there is no score.
    """
    if report.score is None or report.skipped:
        reason = report.reason if report.score is None else _OUT_OF_TIME
        return MutationSummary(reason=reproducible(reason), candidates=report.candidates)
    return MutationSummary(
        score=report.score,
        reason=report.reason,
        candidates=report.candidates,
        tried=report.tried,
        noticed=report.killed + report.timed_out,
        unnoticed=tuple(
            UnnoticedChange(
                path=one.path,
                line=one.line,
                column=one.column,
                function=one.function,
                operator=one.operator,
                before=one.before,
                after=one.after,
                covered=one.status.value != "not_covered",
            )
            for one in sorted(report.mutants, key=lambda one: (one.path, one.line, one.column))
            if one.status.value in _UNNOTICED
        ),
        unreliable=tuple(sorted(report.unreliable)),
    )


def _outcome(case: qtest.TestCase) -> TestOutcome:
    return TestOutcome(
        name=case.name,
        path=case.path,
        line=case.line,
        outcome=case.outcome,
        message=reproducible(case.message),
        details=reproducible(case.details),
        requirements=named_requirements(case.name),
    )
