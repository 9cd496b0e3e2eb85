"""Findings and test reports as a repairer reads them."""

from collections.abc import Iterable

from quantumlayer.qlayer.quality import Finding
from quantumlayer.qtest import TestReport, Verdict


def blocking_problems(findings: Iterable[Finding]) -> list[str]:
    """What must be mended before a verdict can be `passed`: broken syntax, dangerous code."""
    return [
        f"{finding.path}:{finding.line}:{finding.column}: {finding.rule}: {finding.message}"
        for finding in findings
        if finding.severity == "high"
    ]


def test_problems(report: TestReport) -> list[str]:
    """Every failing test with its evidence, or why there is no verdict from tests."""
    if report.verdict is Verdict.PASSED:
        return []
    problems = [
        f"{case.path}::{case.name} {case.outcome}: {case.message}\n{case.details}"
        for case in report.cases
        if case.outcome in ("failed", "error")
    ]
    return problems or [f"{report.verdict.value}: {report.reason}\n{report.output[-4000:]}"]
