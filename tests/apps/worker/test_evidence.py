"""What agents are told of tests that do not notice a change."""

from quantumlayer.qtest import Mutant, MutantStatus, MutationReport
from quantumlayer.worker.evidence import unnoticed_changes


def mutant(status: MutantStatus) -> Mutant:
    return Mutant(
        path="a.py", line=3, column=1, operator="boundary", before="a > b", after="a >= b",
        status=status,
    )  # fmt: skip


def test_changes_that_no_test_noticed_are_told_with_their_line() -> None:
    report = MutationReport(reason="", mutants=tuple(mutant(status) for status in MutantStatus))
    assert unnoticed_changes(report) == [
        "a.py:3: `a > b` changed to `a >= b`",
        "a.py:3: `a > b` changed to `a >= b` (no test runs this line)",
    ]
