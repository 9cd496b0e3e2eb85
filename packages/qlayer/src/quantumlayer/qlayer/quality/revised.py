"""What a revision has to keep, besides what every project has to: pure, every reason a sentence.

Nothing here makes a verdict better than the evidence does.
"""

from collections.abc import Iterable, Sequence

from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.quality.lacking import some
from quantumlayer.qlayer.quality.policy import QualityPolicy, Severity
from quantumlayer.qlayer.quality.report import SYNTAX_RULES, Finding, QualityReport
from quantumlayer.qlayer.requirements import Requirement
from quantumlayer.qlayer.revision.report import Baseline, Revision
from quantumlayer.qtest import Verdict

_WAS_THERE = " It was there before."
_NOTHING_CHANGED = "Missing, because no file was changed for it: "
# A project of somebody else is held to what `check` holds it to: that it is well formed, and its
# tests. How much of it they cover was decided by whoever wrote them.
_IMPORTED = QualityPolicy(minimum_coverage_percent=0)


def policy_for(blueprint: Blueprint) -> QualityPolicy:
    """The bar of a project, by who began it."""
    return _IMPORTED if blueprint.imported else QualityPolicy()


def with_known(
    findings: Iterable[Finding], before: Sequence[Finding] | None, blueprint: Blueprint
) -> tuple[Finding, ...]:
    """The findings, those less severe that somebody else's project had before it was changed.

    What is not well formed is as grave as ever: nobody can say what its tests prove.
    """
    if before is None or not blueprint.imported:
        return tuple(findings)
    known = {_mark(one) for one in before}
    return tuple(_milder(one) if _mark(one) in known else one for one in findings)


def revised(report: QualityReport, revision: Revision | None) -> QualityReport:
    """The report with what was changed; as it is of what was made anew.

    `failed` where tests of what stays are lost; at most `incomplete` where something was to change
    that no test can show, and no file did.
    """
    if revision is None:
        return report
    unmet = unchanged(revision, report.policy)
    missing = (f"{_NOTHING_CHANGED}{some([_named(one) for one in unmet])}.",) if unmet else ()
    lost = _lost(revision)
    verdict = report.verdict
    if lost and verdict in (Verdict.PASSED, Verdict.INCOMPLETE):
        verdict = Verdict.FAILED
    elif missing and verdict is Verdict.PASSED:
        verdict = Verdict.INCOMPLETE
    # Praise of tests is no reason for any other verdict.
    kept = report.reasons if verdict is report.verdict or verdict is Verdict.PASSED else ()
    praise = () if verdict is Verdict.PASSED else missing
    return report.model_copy(
        update={
            "revision": revision,
            "verdict": verdict,
            "missing": (*report.missing, *missing),
            "reasons": (*lost, *kept, *praise, *_baseline(revision.baseline, verdict)),
        }
    )


def unchanged(revision: Revision, policy: QualityPolicy) -> tuple[Requirement, ...]:
    """What was to change and cannot have: no file but tests differs, and no test could show it."""
    if any(one.path not in revision.tests for one in revision.files):
        return ()
    change = revision.requirements
    silent = (one for one in change.asked if one.category in policy.exempt_categories)
    return (*silent, *change.removed)


def lacks_change(report: QualityReport) -> bool:
    """Whether something was to change and nothing has: who changes files may yet do it."""
    return report.revision is not None and bool(unchanged(report.revision, report.policy))


def _lost(revision: Revision) -> tuple[str, ...]:
    if not revision.lost:
        return ()
    many = len(revision.lost)
    what = "1 test of what stays" if many == 1 else f"{many} tests of what stays"
    return (f"{what} passed before and no longer does so: {some(revision.lost)}.",)


def _baseline(before: Baseline | None, verdict: Verdict) -> tuple[str, ...]:
    """What did not hold before anything was changed, so that nobody takes it for the change's."""
    if before is None or before.holds:
        return ()
    if before.failing:
        many = f"{len(before.failing)} test{'s' if len(before.failing) > 1 else ''}"
        mended = " They pass now." if verdict is Verdict.PASSED else ""
        return (f"Before anything was changed {many} failed: {some(before.failing)}.{mended}",)
    return (f"Before anything was changed its tests said: {before.verdict.value}, {before.reason}",)


def _named(one: Requirement) -> str:
    return f"{one.id} ({' '.join(one.statement.split()).rstrip('.')[:120]})"


def _milder(one: Finding) -> Finding:
    if one.severity is not Severity.HIGH or one.rule in SYNTAX_RULES:
        return one
    return one.model_copy(
        update={"severity": Severity.MEDIUM, "message": f"{one.message}{_WAS_THERE}"}
    )


def _mark(one: Finding) -> tuple[str, str, str]:
    """What of a finding stays when lines above it are added."""
    return (one.rule, one.path, one.message)
