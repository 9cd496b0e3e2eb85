"""Two reports of tests, before and after: which held, and which of those no longer do."""

import re
from collections.abc import Collection

from quantumlayer.qlayer.quality.tracing import named_requirements
from quantumlayer.qlayer.revision.report import Baseline
from quantumlayer.qtest import CaseOutcome, TestReport, Verdict

_BROKEN = (CaseOutcome.FAILED, CaseOutcome.ERROR)
# A test of documentation is named by its line, which moves.
_LINE = re.compile(r" ?\(line \d+\)")


def baseline_of(report: TestReport) -> Baseline:
    """What the tests said before anything was changed."""
    return Baseline(
        verdict=report.verdict,
        reason=report.reason,
        executed=report.executed,
        passing=_named(report, (CaseOutcome.PASSED,)),
        failing=_named(report, _BROKEN),
    )


def lost_since(
    before: Baseline | None, after: TestReport | None, touched: Collection[str]
) -> tuple[str, ...]:
    """Tests of what stays that passed before, and are not there or do not pass any more.

    Where the tests did not come to their end that is said already, and none is named.
    """
    if before is None or after is None or after.verdict is not Verdict.PASSED:
        return ()
    now = set(_named(after, (CaseOutcome.PASSED,)))
    return tuple(
        name
        for name in before.passing
        if name not in now and not set(named_requirements(name.rpartition("::")[2])) & set(touched)
    )


def _named(report: TestReport, outcomes: Collection[CaseOutcome]) -> tuple[str, ...]:
    found = (case for case in report.cases if case.outcome in outcomes)
    return tuple(sorted({_LINE.sub("", f"{case.path}::{case.name}") for case in found}))
