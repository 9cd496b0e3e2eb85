"""From requirement to test: a test proves the requirements that its name says it proves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from quantumlayer.qlayer.blueprint import Blueprint, FileRole
from quantumlayer.qlayer.quality.proving import changes_for, proved
from quantumlayer.qlayer.quality.report import (
    RequirementState,
    RequirementTrace,
    TestOutcome,
)
from quantumlayer.qlayer.quality.wishes import fulfilled
from quantumlayer.qlayer.requirements import Requirement, Requirements
from quantumlayer.qlayer.source_tree import SourceTree
from quantumlayer.qtest import CaseOutcome

if TYPE_CHECKING:
    # Only its shape is needed here.
    from quantumlayer.qtest import MutationReport

_ID = re.compile(r"(?<![A-Za-z0-9])[rR]([1-9][0-9]{0,3})(?![A-Za-z0-9])")
_PARAMETERS = re.compile(r"\[.*\]$", re.DOTALL)


def named_requirements(test_name: str) -> tuple[str, ...]:
    """The ids in a test's name, in their order of first mention.

    `test_r4_members_can_have_at_most_5_open_loans` and `R4: members can …` both name R4. What a
    parametrised test was given, in brackets at the end, does not count.
    """
    mentioned = _ID.findall(_PARAMETERS.sub("", test_name))
    return tuple(dict.fromkeys(f"R{number}" for number in mentioned))


def trace(
    requirements: Requirements,
    blueprint: Blueprint,
    tree: SourceTree,
    tests: Sequence[TestOutcome],
    mutation: MutationReport | None = None,
) -> tuple[RequirementTrace, ...]:
    """One row a requirement, in the order of the requirements; `mutation` knows what tests notice.

    A test file that lists a requirement without a test that names it is shown, but proves nothing:
    one file holds tests of many requirements.
    """
    written = {file.path: file for file in tree.files}
    planned = {file.path: file for file in blueprint.files}

    def files_for(requirement: Requirement, *, tests: bool) -> tuple[str, ...]:
        return tuple(
            path
            for path, file in written.items()
            if (file.role is FileRole.TEST) is tests
            and (
                requirement.id in file.requirements
                or (path in planned and requirement.id in planned[path].requirements)
            )
        )

    rows = []
    for requirement in requirements.items:
        proofs = tuple(test for test in tests if requirement.id in test.requirements)
        files = files_for(requirement, tests=False)
        changes = changes_for(requirement.id, mutation)
        state, reason = proved(_state(files, proofs), changes, mutation)
        if state is RequirementState.MISSING and (why := fulfilled(requirement, blueprint)):
            state, reason = RequirementState.CLAIMED, why
        rows.append(
            RequirementTrace(
                id=requirement.id,
                category=requirement.category,
                statement=requirement.statement,
                state=state,
                files=files,
                test_files=files_for(requirement, tests=True),
                # The evidence stands once, with the tests.
                tests=tuple(test.model_copy(update={"details": ""}) for test in proofs),
                changes=changes,
                reason=reason,
            )
        )
    return tuple(rows)


def _state(files: tuple[str, ...], proofs: tuple[TestOutcome, ...]) -> RequirementState:
    outcomes = {test.outcome for test in proofs}
    if outcomes & {CaseOutcome.FAILED, CaseOutcome.ERROR}:
        return RequirementState.FAILED
    if CaseOutcome.PASSED in outcomes:
        return RequirementState.TESTED
    return RequirementState.CLAIMED if files else RequirementState.MISSING
