"""Findings and test reports as a repairer reads them."""

from collections.abc import Iterable

from quantumlayer.qlayer.quality import DeliverySummary, Finding, Severity
from quantumlayer.qtest import CaseOutcome, MutantStatus, MutationReport, TestReport, Verdict


def blocking_problems(findings: Iterable[Finding]) -> list[str]:
    """What must be mended before a verdict can be `passed`: broken syntax, dangerous code."""
    return [
        f"{finding.path}:{finding.line}:{finding.column}: {finding.rule}: {finding.message}"
        f"\n{finding.excerpt}".rstrip()
        for finding in findings
        if finding.severity is Severity.HIGH
    ]


def unnoticed_changes(report: MutationReport) -> list[str]:
    """Every change of the code that no test noticed, as a tester reads it."""
    return [
        f"{one.path}:{one.line}: `{one.before}` changed to `{one.after}`"
        + (" (no test runs this line)" if one.status is MutantStatus.NOT_COVERED else "")
        for one in report.mutants
        if one.status in (MutantStatus.SURVIVED, MutantStatus.NOT_COVERED)
    ]


def delivery_problems(delivery: DeliverySummary | None) -> list[str]:
    """What the application said where it is broken as delivered; the reasons tell the rest."""
    broken = (one for one in delivery.rungs if one.outcome == "broken") if delivery else ()
    return [f"As delivered, at `{one.rung}`, it said:\n{one.evidence}"
            for one in broken if one.evidence]  # fmt: skip


def test_problems(report: TestReport) -> list[str]:
    """Every failing test with its evidence, or why there is no verdict from tests."""
    if report.verdict is Verdict.PASSED:
        return []
    problems = [
        f"{case.path}::{case.name} {case.outcome.value}: {case.message}\n{case.details}"
        for case in report.cases
        if case.outcome in (CaseOutcome.FAILED, CaseOutcome.ERROR)
    ]
    return problems or [f"{report.verdict.value}: {report.reason}\n{report.output[-4000:]}"]
