"""From changes that were tried to proof: pure, every reason a sentence.

A test of a requirement that passes whatever is done to the code behind it proves nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quantumlayer.qlayer.quality.report import RequirementState, RequirementTrace, TriedChange
from quantumlayer.qlayer.quality.steady import reproducible

if TYPE_CHECKING:
    # Only its shape is needed here: who reads reports tries nothing.
    from quantumlayer.qtest import Mutant, MutationReport

_NOTICED = ("killed", "timed_out")
_NOT_TRIED = "Whether its tests notice a break was not tried."
_NOT_LOOKED_AT = "Its tests do not notice when nothing is shown any more."
_NOTHING_TO_CHANGE = "Nothing of what its tests run could be changed."
# One change that nobody notices may be none; of two, nobody should have to believe that.
_ENOUGH_TO_ACCUSE = 2


def changes_for(requirement: str, report: MutationReport | None) -> tuple[TriedChange, ...]:
    """The changes that were tried on the tests of a requirement."""
    found = report.groups.get(requirement, ()) if report else ()
    return tuple(_change(one) for one in found)


def proved(
    state: RequirementState, changes: Sequence[TriedChange], report: MutationReport | None
) -> tuple[RequirementState, str]:
    """The state of what is `tested`, now that it is known what its tests notice, and why."""
    if state is not RequirementState.TESTED:
        return state, ""
    if report is None:
        return state, _NOT_TRIED
    if not changes:
        measured = report.score is not None and not report.skipped
        return state, _NOTHING_TO_CHANGE if measured else reproducible(report.reason)
    decisive = [one for one in changes if one.decisive]
    noticed = sum(bool(one.noticed_by) for one in changes)
    if noticed and decisive and not any(one.noticed_by for one in decisive):
        return state, _NOT_LOOKED_AT
    # That something is shown at all proves that somebody looks, and not what it is.
    others = [one for one in changes if not one.decisive] or changes
    if sum(bool(one.noticed_by) for one in others) * 2 >= len(others):
        return RequirementState.PROVED, ""
    many = f"{len(changes)} change{'s' if len(changes) > 1 else ''}"
    return state, f"Its tests notice {noticed} of {many} of what they run."


def holds_nothing(row: RequirementTrace) -> bool:
    """Whether its tests passed with every change of what they run, and several were tried."""
    return (
        row.state is RequirementState.TESTED
        and len(row.changes) >= _ENOUGH_TO_ACCUSE
        and not any(one.noticed_by for one in row.changes)
    )


def _change(mutant: Mutant) -> TriedChange:
    noticed = mutant.status.value in _NOTICED
    return TriedChange(
        path=mutant.path,
        line=mutant.line,
        function=mutant.function,
        before=mutant.before,
        after=mutant.after,
        # What never ends is noticed by whoever waits for it.
        noticed_by=(mutant.killed_by or "a test that no longer ended") if noticed else "",
        decisive=mutant.decisive,
    )
