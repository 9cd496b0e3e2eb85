"""Proved, tested, claimed: what a requirement's tests notice of changes to what they run."""

import pytest

from quantumlayer.qlayer.quality import (
    QualityPolicy,
    QualityReport,
    RequirementState,
    assess,
    can_be_mended,
    render_page,
)
from quantumlayer.qtest import Mutant, MutantStatus, MutationReport, Verdict
from tests.support import sample_project as sample

KILLED, SURVIVED, ENDLESS = MutantStatus.KILLED, MutantStatus.SURVIVED, MutantStatus.TIMED_OUT
BY = "tests/test_loans.py::test_r2_members_can_have_at_most_5_open_loans"


def mutation(skipped: int = 0, **groups: tuple[MutantStatus, ...]) -> MutationReport:
    """A report of changes that ended so, by requirement."""
    return MutationReport(
        score=80.0,
        reason="The tests notice 8 of 10 changes to the code.",
        skipped=skipped,
        groups={
            group: tuple(
                Mutant(
                    path="library/loans.py", line=4 + n, column=5, function="lend",
                    operator="boundary", before=f"if loans > {n}:", after=f"if loans >= {n}:",
                    status=status, killed_by=BY if status is KILLED else None,
                )
                for n, status in enumerate(statuses)
            )
            for group, statuses in groups.items()
        },
    )  # fmt: skip


def assessed(found: MutationReport | None, policy: QualityPolicy | None = None) -> QualityReport:
    return assess(
        sample.requirements(), sample.blueprint(), sample.tree(), (), sample.passed_tests(),
        policy, found,
    )  # fmt: skip


def states(report: QualityReport) -> list[str]:
    return [row.state.value for row in report.requirements]


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ((KILLED,), "proved"),
        ((KILLED, KILLED, SURVIVED), "proved"),
        ((KILLED, SURVIVED), "proved"),
        ((ENDLESS, SURVIVED), "proved"),
        ((KILLED, SURVIVED, SURVIVED), "tested"),
        ((SURVIVED,), "tested"),
        ((SURVIVED, SURVIVED), "tested"),
        ((), "tested"),
    ],
)
def test_a_requirement_is_proved_where_its_tests_notice_half_of_what_is_done_to_it(
    statuses: tuple[MutantStatus, ...], state: str
) -> None:
    report = assessed(mutation(R1=(KILLED,), R2=statuses))
    assert states(report) == ["proved", state, "claimed"]
    row = report.requirements[1]
    assert bool(row.reason) is (state == "tested")
    assert [bool(one.noticed_by) for one in row.changes] == [s is not SURVIVED for s in statuses]


def test_all_that_is_proved_is_said_to_be() -> None:
    report = assessed(mutation(R1=(KILLED,), R2=(KILLED, SURVIVED)))
    assert report.verdict is Verdict.PASSED
    assert report.reasons[0].endswith("; 2 of 3 requirements are proved, only claimed: R3.")


def test_what_is_only_tested_stands_in_the_first_line_with_the_reason() -> None:
    report = assessed(mutation(R1=(KILLED,), R2=(KILLED, SURVIVED, SURVIVED)))
    assert report.verdict is Verdict.PASSED
    assert "1 of 3 requirements are proved, only tested: R2, " in report.reasons[0]
    assert "Its tests notice 1 of 3 changes of what they run." in report.reasons[0]


def test_tests_that_pass_whatever_is_broken_leave_a_requirement_without_proof() -> None:
    report = assessed(mutation(R1=(KILLED,), R2=(SURVIVED, SURVIVED)))
    assert report.verdict is Verdict.INCOMPLETE
    (reason,) = report.reasons
    assert reason.startswith("Missing: proof of 1 requirement, whose tests pass with what they run")
    assert (
        "R2 (Members can have at most 5 open loans; library/loans.py:4: “if loans > 0:”" in reason
    )
    assert report.missing == (reason,)
    assert can_be_mended(report)


def test_one_change_that_nobody_notices_accuses_nobody() -> None:
    report = assessed(mutation(R1=(KILLED,), R2=(SURVIVED,)))
    assert report.verdict is Verdict.PASSED


def test_a_policy_may_ask_for_tests_alone() -> None:
    found = mutation(R1=(KILLED,), R2=(SURVIVED, SURVIVED))
    report = assessed(found, QualityPolicy(require_proof=False))
    assert report.verdict is Verdict.PASSED
    assert states(report)[1] == "tested"


def test_where_nothing_is_measured_the_reason_says_so() -> None:
    unmeasured = MutationReport(reason="Changes are tried in python, not yet in go.")
    report = assessed(unmeasured)
    assert states(report) == ["tested", "tested", "claimed"]
    assert report.verdict is Verdict.PASSED
    assert report.reasons[0].endswith("Changes are tried in python, not yet in go.")


def test_the_page_shows_what_was_changed_and_who_noticed() -> None:
    page = render_page(assessed(mutation(R1=(KILLED,), R2=(SURVIVED, SURVIVED))), sample.tree())
    assert "changed on purpose, 1 of 1 noticed" in page
    assert "changed on purpose, 0 of 2 noticed" in page
    assert "if loans &gt;= 0:" in page


@pytest.mark.parametrize(
    ("former", "state"),
    [("verified", "tested"), ("implemented", "claimed"), ("not_verified", "missing")],
)
def test_reports_of_former_versions_are_understood(former: str, state: str) -> None:
    text = assessed(None).model_dump_json().replace('"state":"tested"', f'"state":"{former}"')
    found = QualityReport.model_validate_json(text)
    assert found.requirements[0].state is RequirementState(state)


@pytest.mark.parametrize(
    ("shown", "others", "state", "reason"),
    [
        ((KILLED, KILLED), (KILLED,), "proved", ""),
        # That something is shown at all is not what was asked for.
        ((KILLED, KILLED), (SURVIVED, SURVIVED), "tested",
         "Its tests notice 2 of 4 changes of what they run."),
        # Who crashes by a change has not looked.
        ((SURVIVED, SURVIVED), (KILLED, KILLED), "tested",
         "Its tests do not notice when nothing is shown any more."),
        # One may be a part that nobody has to look at.
        ((SURVIVED, KILLED), (KILLED, KILLED), "proved", ""),
        ((KILLED,), (), "proved", ""),
        ((SURVIVED, SURVIVED), (SURVIVED,), "tested",
         "Its tests notice 0 of 3 changes of what they run."),
    ],
)  # fmt: skip
def test_a_component_that_shows_nothing_is_noticed_by_who_looks(
    shown: tuple[MutantStatus, ...],
    others: tuple[MutantStatus, ...],
    state: str,
    reason: str,
) -> None:
    found = mutation(R2=(*shown, *others))
    changes = tuple(
        one.model_copy(update={"decisive": n < len(shown)})
        for n, one in enumerate(found.groups["R2"])
    )
    row = assessed(found.model_copy(update={"groups": {"R2": changes}})).requirements[1]
    assert (row.state.value, row.reason) == (state, reason)
