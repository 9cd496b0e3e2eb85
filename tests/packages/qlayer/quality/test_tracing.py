"""A test proves the requirements that its name says it proves, and no others."""

import pytest

from quantumlayer.qlayer.quality import RequirementState, assess, named_requirements
from quantumlayer.qtest import CaseOutcome, Verdict
from tests.support import sample_project as sample


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("test_r4_members_can_have_at_most_5_open_loans", ("R4",)),
        ("test_loans.py::TestLoans::test_R12_and_r3", ("R12", "R3")),
        ("loans > R4: members can have at most 5", ("R4",)),
        ("R4, R5: both", ("R4", "R5")),
        ("test_a[r7-R8]", ()),
        ("test_r4_x[r7]", ("R4",)),
        ("test_order4_r", ()),
        ("test_r04", ()),
        ("test_r0_nothing", ()),
        ("test_r12345", ()),
        ("test_r4x", ()),
    ],
)
def test_ids_are_whole_words_of_the_name(name: str, ids: tuple[str, ...]) -> None:
    assert named_requirements(name) == ids


def states(*names: tuple[str, CaseOutcome]) -> dict[str, RequirementState]:
    cases = tuple(sample.case(name, outcome) for name, outcome in names)
    tests = sample.report(cases, Verdict.PASSED)
    report = assess(sample.requirements(), sample.blueprint(), sample.tree(), (), tests)
    return {row.id: row.state for row in report.requirements}


def test_a_passing_test_that_names_it_tests_a_requirement() -> None:
    found = states(("test_r2_a", CaseOutcome.PASSED))
    assert found == {
        "R1": RequirementState.CLAIMED,
        "R2": RequirementState.TESTED,
        "R3": RequirementState.CLAIMED,
    }


def test_one_failing_test_outweighs_a_passing_one() -> None:
    found = states(("test_r2_a", CaseOutcome.PASSED), ("test_r2_b", CaseOutcome.ERROR))
    assert found["R2"] is RequirementState.FAILED


def test_a_requirement_for_which_nothing_was_written_is_missing() -> None:
    contents = {"README.md": b""}
    report = assess(sample.requirements(), sample.blueprint(), sample.tree(contents), (), None)
    assert {row.state for row in report.requirements} == {RequirementState.MISSING}


def test_a_row_names_files_test_files_and_tests() -> None:
    report = assess(
        sample.requirements(), sample.blueprint(), sample.tree(), (), sample.passed_tests()
    )
    row = report.requirements[1]
    assert row.files == ("library/loans.py",)
    assert row.test_files == ("tests/test_loans.py",)
    assert [test.name for test in row.tests] == ["test_r2_members_can_have_at_most_5_open_loans"]
