"""From the records of a mutation session to its report."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from quantumlayer.qtest.model import TestReport, Verdict
from quantumlayer.qtest.mutation.model import (
    NOTICED,
    RENDERS_NOTHING,
    Mutant,
    MutantStatus,
    MutationReport,
)
from quantumlayer.qtest.mutation.mutations import Mutation
from quantumlayer.qtest.mutation.selecting import Chosen
from quantumlayer.qtest.runners.readable import readable
from quantumlayer.qtest.runners.records import Record, Records, text
from quantumlayer.qtest.sandbox import SandboxResult


def mutant_of(mutation: Mutation, chosen: Chosen | None, found: Record | None) -> Mutant:
    """What became of a mutation; without tests it was not tried."""
    status, test = MutantStatus.NOT_COVERED, ""
    if found is not None:
        status, test = MutantStatus(text(found, "status")), text(found, "test")
    return Mutant(
        path=mutation.path,
        line=mutation.line,
        column=mutation.column,
        function=mutation.function,
        operator=mutation.operator,
        before=mutation.before,
        after=mutation.after,
        status=status,
        killed_by=test or None,
        tests=len(chosen.tests) if chosen and status is MutantStatus.SURVIVED else 0,
        decisive=mutation.operator == RENDERS_NOTHING,
    )


def counted(mutants: Sequence[Mutant]) -> dict[str, Any]:
    """The score, and how many mutants ended how."""
    counts = Counter(one.status for one in mutants)
    noticed = counts[MutantStatus.KILLED] + counts[MutantStatus.TIMED_OUT]
    return {
        "score": round(100.0 * noticed / len(mutants), 1) if mutants else None,
        "tried": len(mutants),
        **{kind.value: counts[kind] for kind in MutantStatus},
    }


def sentence(mutants: Sequence[Mutant], chosen: int) -> str:
    """The result in words."""
    left = chosen - len(mutants)
    if not mutants:
        return "There was no time to try any change." if left else "There is nothing to change."
    noticed = sum(one.status in NOTICED for one in mutants)
    rest = f"; there was no time for {left} more" if left else ""
    return f"The tests notice {noticed} of {len(mutants)} changes to the code{rest}."


def trouble(result: SandboxResult, records: Records) -> str:
    """Why the session measured nothing, or nothing."""
    if not records.genuine:
        return "Something other than the session wrote to its report, so it measures nothing."
    for record in records.named("problem"):
        return f"The mutations could not be tried: {readable(text(record, 'message'))}"
    if result.limits_hit:
        used = ", ".join(result.limits_hit)
        return f"The session was stopped by a limit ({used}) before it had tried every mutation."
    if not records.named("finished") or not records.named("closed"):
        said = (readable(result.stderr).strip().splitlines() or ["it said nothing"])[-1]
        return f"The session ended before it had tried every mutation: {said}"
    return ""


def unfit(report: TestReport) -> str:
    """Why these tests can measure nothing, or nothing."""
    if report.verdict is not Verdict.PASSED:
        return f"The tests did not pass ({report.verdict}), so what they notice means nothing."
    return ""


def unmeasured(reason: str, started: float) -> MutationReport:
    """A report without a score; `started` is of the clock that only goes forward."""
    return MutationReport(reason=reason, elapsed_seconds=round(time.monotonic() - started, 3))


def joined(reports: Sequence[MutationReport], started: float) -> MutationReport:
    """The reports on a project's languages as one; of those that measured nothing, the reasons."""
    if len(reports) == 1:
        return reports[0]
    measured = [each for each in reports if each.score is not None]
    mutants = [one for each in measured for one in each.mutants]
    names = dict.fromkeys(name for each in measured for name in each.groups)
    reasons = [each.reason for each in reports if each.score is None]
    skipped = sum(each.skipped for each in measured)
    said = sentence(mutants, len(mutants) + skipped) if measured else ""
    return MutationReport(
        **counted(mutants),
        reason=" ".join([*([said] if said else []), *reasons]),
        candidates=sum(each.candidates for each in reports),
        skipped=skipped,
        mutants=tuple(mutants),
        unreliable=tuple(name for each in measured for name in each.unreliable),
        groups={
            name: tuple(one for each in measured for one in each.groups.get(name, ()))
            for name in names
        },
        sandbox=next((each.sandbox for each in measured if each.sandbox), ""),
        elapsed_seconds=round(time.monotonic() - started, 3),
    )
