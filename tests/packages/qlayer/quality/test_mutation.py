"""The mutation score in the quality report, and on its page."""

import pytest

from quantumlayer.qlayer.quality import QualityReport, assess, render_page, summarize_mutation
from quantumlayer.qtest import Mutant, MutantStatus, MutationReport
from tests.support import sample_project as sample


def mutant(status: MutantStatus, line: int = 7, after: str = "if total >= 5:") -> Mutant:
    return Mutant(
        path="library/loans.py",
        line=line,
        column=10,
        function="lend",
        operator="boundary",
        before="if total > 5:",
        after=after,
        status=status,
        killed_by="tests/test_loans.py::test_lend" if status is MutantStatus.KILLED else None,
    )


MEASURED = MutationReport(
    score=50.0,
    reason="The tests notice 2 of 4 changes to the code.",
    candidates=9,
    tried=4,
    killed=1,
    timed_out=1,
    survived=1,
    not_covered=1,
    mutants=(
        mutant(MutantStatus.KILLED),
        mutant(MutantStatus.TIMED_OUT),
        mutant(MutantStatus.NOT_COVERED, 30, "<b>&</b>"),
        mutant(MutantStatus.SURVIVED, 12),
    ),
    elapsed_seconds=3.25,
)


def report(mutation: MutationReport | None) -> QualityReport:
    assessed = assess(
        sample.requirements(), sample.blueprint(), sample.tree(), (), sample.passed_tests()
    )
    found = summarize_mutation(mutation) if mutation else None
    return assessed.model_copy(update={"mutation": found})


def test_what_no_test_notices_is_kept_in_the_order_of_its_place() -> None:
    found = summarize_mutation(MEASURED)
    assert (found.score, found.candidates, found.tried, found.noticed) == (50.0, 9, 4, 2)
    assert [(one.line, one.covered) for one in found.unnoticed] == [(12, True), (30, False)]


def test_nothing_in_it_differs_from_run_to_run() -> None:
    slower = MEASURED.model_copy(update={"elapsed_seconds": 9.75, "sandbox": "another"})
    assert summarize_mutation(MEASURED) == summarize_mutation(slower)


def test_a_measure_that_ran_out_of_time_is_no_score() -> None:
    found = summarize_mutation(MEASURED.model_copy(update={"skipped": 3}))
    assert found.score is None
    assert found.unnoticed == ()
    assert found.reason == "There was no time to try all the changes that were chosen."


def test_a_measure_that_could_not_be_made_says_why() -> None:
    found = summarize_mutation(MutationReport(reason="The sandbox is missing in /tmp/x/y."))
    assert (found.score, found.reason) == (None, "The sandbox is missing in …/y.")


def test_the_page_shows_the_score_and_each_change_that_went_unnoticed() -> None:
    page = render_page(report(MEASURED), sample.tree())
    assert "2 of 4 small changes to the code fail a test; 9 are possible" in page
    assert "library/loans.py:12" in page
    assert "if total &gt;= 5:" in page
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("mutation", "shown"),
    [
        (MutationReport(reason="Python only."), "Python only."),
        (MEASURED.model_copy(update={"mutants": ()}), "A test fails for each of them."),
    ],
)
def test_the_page_says_what_there_is_to_say(mutation: MutationReport, shown: str) -> None:
    assert shown in render_page(report(mutation), sample.tree())


def test_a_page_without_a_measure_says_nothing_of_it() -> None:
    assert "Changes noticed" not in render_page(report(None), sample.tree())
