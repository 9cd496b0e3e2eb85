"""What was asked for in so many words and is not there, though all that is there is sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quantumlayer.qlayer.quality.evidence import summarize_tests
from quantumlayer.qlayer.quality.policy import QualityPolicy
from quantumlayer.qlayer.quality.proving import holds_nothing
from quantumlayer.qlayer.quality.report import (
    QualityReport,
    RequirementState,
    RequirementTrace,
    TestSummary,
)
from quantumlayer.qlayer.quality.tracing import trace
from quantumlayer.qlayer.requirements import UNSERVED, Language, Requirements
from quantumlayer.qtest import Verdict

if TYPE_CHECKING:
    from quantumlayer.qlayer.blueprint import Blueprint
    from quantumlayer.qlayer.source_tree import SourceTree
    from quantumlayer.qtest import TestReport

_PASSING = (RequirementState.PROVED, RequirementState.TESTED)
_NAMED = 5
_WORDS_SHOWN = 120
# What counts as which language as well: what is compiled from TypeScript is JavaScript.
_ALSO = {"typescript": Language.JAVASCRIPT.value}


def lacking(
    requirements: Requirements,
    rows: Sequence[RequirementTrace],
    tests: TestSummary | None,
    policy: QualityPolicy,
) -> tuple[str, ...]:
    """A sentence for each kind of thing that is missing; none when everything is there.

    Where the tests did not run to their end, nobody knows what they prove or are written in.
    """
    if tests is None or tests.verdict is not Verdict.PASSED:
        return _not_understood(requirements)
    return (
        *_unproved(rows, policy),
        *_holding_nothing(rows, policy),
        *_not_understood(requirements),
        *_other_language(requirements, tests),
    )


def missing_of(
    requirements: Requirements, blueprint: Blueprint, tree: SourceTree, tests: TestReport
) -> tuple[str, ...]:
    """The same of a project whose tests have been run, by the usual policy."""
    summary = summarize_tests(tests)
    rows = trace(requirements, blueprint, tree, summary.cases)
    return lacking(requirements, rows, summary, QualityPolicy())


def unproved(rows: Sequence[RequirementTrace], policy: QualityPolicy) -> tuple[str, ...]:
    """The ids of the requirements that are not proved as the policy demands."""

    def enough(row: RequirementTrace) -> bool:
        if row.state in _PASSING:
            return True
        needs_test = policy.require_verified and row.category not in policy.exempt_categories
        return row.state is RequirementState.CLAIMED and not needs_test

    return tuple(row.id for row in rows if not enough(row))


def empty_proofs(
    rows: Sequence[RequirementTrace], policy: QualityPolicy
) -> tuple[RequirementTrace, ...]:
    """The requirements whose tests pass whatever is done to what they run."""
    if not policy.require_proof:
        return ()
    return tuple(
        row for row in rows if holds_nothing(row) and row.category not in policy.exempt_categories
    )


def can_be_mended(report: QualityReport) -> bool:
    """Whether another round may bring what is missing: a requirement, and not what nobody knows."""
    rows, policy = report.requirements, report.policy
    return bool(unproved(rows, policy) or empty_proofs(rows, policy))


def _unproved(rows: Sequence[RequirementTrace], policy: QualityPolicy) -> tuple[str, ...]:
    ids = unproved(rows, policy)
    if not ids:
        return ()
    what = "1 requirement" if len(ids) == 1 else f"{len(ids)} requirements"
    statements = [f"{row.id} ({_short(row.statement)})" for row in rows if row.id in ids]
    return (f"Missing: {what} without a passing test that proves it: {some(statements)}.",)


def _holding_nothing(rows: Sequence[RequirementTrace], policy: QualityPolicy) -> tuple[str, ...]:
    empty = empty_proofs(rows, policy)
    if not empty:
        return ()
    what = "1 requirement" if len(empty) == 1 else f"{len(empty)} requirements"
    told = [
        f"{row.id} ({_short(row.statement)}; {one.path}:{one.line}: “{_short(one.before)}” → "
        f"“{_short(one.after)}”)"
        for row in empty
        for one in row.changes[:1]
    ]
    return (f"Missing: proof of {what}, whose tests pass with what they run broken: {some(told)}.",)


def _not_understood(requirements: Requirements) -> tuple[str, ...]:
    unserved = [one for one in requirements.not_understood if one.reason.startswith(UNSERVED)]
    unclear = [one for one in requirements.not_understood if one not in unserved]
    kinds = (("no stack serves it", unserved), ("it was not understood", unclear))
    return tuple(
        f"Missing, because {why}: {some([f'“{_short(part.text)}”' for part in parts])}."
        for why, parts in kinds
        if parts
    )


def _other_language(requirements: Requirements, tests: TestSummary) -> tuple[str, ...]:
    ran = {name for name in tests.language.split(", ") if name}
    wanted = requirements.language.value
    if not ran or wanted in ran | {_ALSO[name] for name in ran & _ALSO.keys()}:
        return ()
    return (f"Missing: {wanted} was asked for; what was tested is {', '.join(sorted(ran))}.",)


def some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _short(text: str) -> str:
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= _WORDS_SHOWN else f"{words[:_WORDS_SHOWN]}…"
