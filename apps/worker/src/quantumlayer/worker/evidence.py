"""Findings and test reports as those read them who mend."""

from collections.abc import Iterable, Iterator

from quantumlayer.agents.integrator import Problem
from quantumlayer.qlayer import SourceTree
from quantumlayer.qlayer.quality import DeliverySummary, Finding, Remark, Severity, Weight
from quantumlayer.qlayer.source_tree import DELIVERING
from quantumlayer.qtest import CaseOutcome, MutantStatus, MutationReport, TestReport, Verdict
from quantumlayer.router import FileNote
from quantumlayer.worker.packager.delivery import PACKAGER

_UNNOTICED = (MutantStatus.SURVIVED, MutantStatus.NOT_COVERED)


def unread(tree: SourceTree) -> frozenset[str]:
    """What the packager wrote to deliver the project: sound by itself, and nothing of its code."""
    return frozenset(file.path for file in tree.files if file.origin == PACKAGER)


def blocking_problems(findings: Iterable[Finding]) -> list[str]:
    """What must be mended before a verdict can be `passed`: broken syntax, dangerous code."""
    return [
        f"{finding.path}:{finding.line}:{finding.column}: {finding.rule}: {finding.message}"
        f"\n{finding.excerpt}".rstrip()
        for finding in findings
        if finding.severity is Severity.HIGH
    ]


def unnoticed_changes(report: MutationReport, tree: SourceTree) -> dict[str, list[str]]:
    """Every change of the code that no test noticed, as a tester reads it, by file.

    What came with the stack and stands as it was is left out: no requirement speaks of it.
    """
    given = {file.path for file in tree.files if file.origin in DELIVERING}
    found: dict[str, list[str]] = {}
    for one in report.mutants:
        if one.status in _UNNOTICED and one.path not in given:
            unrun = " (no test runs this line)" if one.status is MutantStatus.NOT_COVERED else ""
            said = f"line {one.line}: `{one.before}` changed to `{one.after}`{unrun}"
            found.setdefault(one.path, []).append(said)
    return found


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


def problems_of(
    findings: Iterable[Finding],
    report: TestReport,
    delivery: DeliverySummary | None,
    reasons: Iterable[str],
) -> list[Problem]:
    """All that stands in the way of a pass, each with its place; the fewer the better."""
    return [
        *_of_findings(findings),
        *problems_of_tests(report),
        *_of_delivery(delivery),
        *(Problem("the verdict", "", reason) for reason in reasons),
    ]


def problems_of_notes(paths: Iterable[str], notes: Iterable[FileNote]) -> list[Problem]:
    """What those who wrote `paths` say must change elsewhere; they saw interfaces alone."""
    kind = f"who wrote {', '.join(paths)} asks of another file; do it if it still holds"
    return [Problem(kind, note.path, note.text) for note in notes]


def problems_of_remarks(remarks: Iterable[Remark]) -> list[Problem]:
    """What a reader of the whole calls wrong; what is only worse is nothing to mend now."""
    kind = "a reader says that this is wrong; where it is so, show it by a new test and mend it"
    return [
        Problem(kind, one.place, one.problem, one.scenario)
        for one in remarks
        if one.weight is Weight.WRONG
    ]


def problems_of_tests(report: TestReport) -> list[Problem]:
    """Every failing test, and what compilers say; or why there is no verdict from tests."""
    if report.verdict is Verdict.PASSED:
        return []
    problems = [
        Problem("it does not compile", f"{one.path}:{one.line or 1}", one.message)
        for one in report.diagnostics
    ]
    problems += [
        Problem(
            "a test fails",
            f"{case.path}::{case.name}",
            case.message.partition("\n")[0],
            case.message.partition("\n")[2] + f"\n{case.details}",
        )
        for case in report.cases
        if case.outcome in (CaseOutcome.FAILED, CaseOutcome.ERROR)
    ]
    return problems or [
        Problem("the tests", "", f"{report.verdict.value}: {report.reason}", report.output[-4000:])
    ]


def _of_findings(findings: Iterable[Finding]) -> Iterator[Problem]:
    for one in findings:
        if one.severity is Severity.HIGH:
            place = f"{one.path}:{one.line}:{one.column}"
            yield Problem(one.rule, place, one.message, one.excerpt)


def _of_delivery(delivery: DeliverySummary | None) -> Iterator[Problem]:
    for one in delivery.rungs if delivery else ():
        if one.outcome == "broken":
            yield Problem(f"as delivered, at `{one.rung}`", "", one.reason, one.evidence)
