"""What the rungs mean for the verdict: broken fails, what is not known is never passed."""

import pytest

from quantumlayer.qlayer.quality import (
    DeliverySummary,
    QualityReport,
    RequirementState,
    RungSummary,
    assess,
    delivered,
    render_page,
    summarize_climb,
    together,
    weigh_rungs,
)
from quantumlayer.qtest import CaseOutcome, TestCase, Verdict
from quantumlayer.qtest.delivered import Climb, Outcome, Rung, RungResult
from tests.support import sample_project as sample

ORDER = [rung.value for rung in Rung]


def rungs(**outcomes: str) -> tuple[RungSummary, ...]:
    """Every rung, held unless told otherwise; a reason for what is broken or unknown."""
    told = {name.replace("_", " "): outcome for name, outcome in outcomes.items()}
    return tuple(
        RungSummary(rung=name, outcome=outcome,
                    reason="because." if outcome in ("broken", "unknown") else "")
        for name in ORDER if (outcome := told.get(name, "held"))
    )  # fmt: skip


def report_with(delivery: DeliverySummary | None) -> QualityReport:
    report = assess(
        sample.requirements(), sample.blueprint(), sample.tree(), (), sample.passed_tests()
    )
    return delivered(report, delivery)


@pytest.mark.parametrize("name", ORDER)
def test_a_broken_rung_fails_and_says_why(name: str) -> None:
    verdict, reasons = weigh_rungs(rungs(**{name: "broken"}))
    assert verdict is Verdict.FAILED
    (reason,) = reasons
    assert reason.startswith("As delivered, ")
    assert reason.endswith("because.")


@pytest.mark.parametrize("name", ORDER)
def test_an_unknown_rung_is_never_passed(name: str) -> None:
    verdict, reasons = weigh_rungs(rungs(**{name: "unknown"}))
    assert verdict is Verdict.INFRASTRUCTURE_ERROR
    assert name in reasons[0]


def test_what_is_broken_counts_more_than_what_is_unknown() -> None:
    assert weigh_rungs(rungs(start="broken", probes="unknown"))[0] is Verdict.FAILED


def test_rungs_that_ask_nothing_change_nothing() -> None:
    assert weigh_rungs(rungs(second_instance="skipped", remember="skipped")) == (Verdict.PASSED, ())


@pytest.mark.parametrize("left_out", [(), rungs(start="skipped"), rungs(build="skipped")])
def test_what_was_not_started_is_never_passed(left_out: tuple[RungSummary, ...]) -> None:
    verdict, reasons = weigh_rungs(left_out)
    assert verdict is Verdict.INFRASTRUCTURE_ERROR
    assert "it was not tried" in reasons[0]


TOGETHER = [
    ("passed", "passed", "passed"),
    ("passed", "failed", "failed"),
    ("passed", "infrastructure_error", "infrastructure_error"),
    ("incomplete", "passed", "incomplete"),
    ("incomplete", "failed", "failed"),
    ("incomplete", "infrastructure_error", "infrastructure_error"),
    ("no_tests", "passed", "no_tests"),
    ("no_tests", "failed", "failed"),
    ("timed_out", "infrastructure_error", "timed_out"),
    ("timed_out", "failed", "failed"),
    ("infrastructure_error", "passed", "infrastructure_error"),
    ("infrastructure_error", "failed", "failed"),
    ("failed", "infrastructure_error", "failed"),
]


@pytest.mark.parametrize(("code", "delivery", "both"), TOGETHER)
def test_what_is_known_to_be_wrong_goes_before(code: str, delivery: str, both: str) -> None:
    assert together(Verdict(code), Verdict(delivery)) is Verdict(both)


def test_a_report_whose_delivery_is_broken_does_not_praise_its_tests() -> None:
    report = report_with(DeliverySummary(tier="here", rungs=rungs(probes="broken")))
    assert report.verdict is Verdict.FAILED
    assert report.reasons == ("As delivered, it does not answer its platform: because.",)


def test_a_report_whose_delivery_holds_says_in_how_many_ways_and_what_was_not_asked() -> None:
    report = report_with(DeliverySummary(tier="here", rungs=rungs(second_instance="skipped")))
    assert report.verdict is Verdict.PASSED
    assert report.reasons[-1] == (
        "As delivered (here), 11 of 12 rungs hold; not asked: second instance."
    )


def browser_tests(**ended: CaseOutcome) -> DeliverySummary:
    """A delivery that holds, and on which tests of the project's own ended so."""
    cases = tuple(TestCase(name=f"{name.upper()} in a browser", path="tests/browser/a.spec.ts",
                           line=3, outcome=outcome, duration_seconds=1.5)
                  for name, outcome in ended.items())  # fmt: skip
    held = (RungResult(rung=rung, outcome=Outcome.HELD) for rung in (Rung.BUILD, Rung.START))
    told = RungResult(rung=Rung.BROWSER_TESTS, outcome=Outcome.HELD, tests=cases, evidence="told")
    return summarize_climb(Climb(tier="here", rungs=(*held, told)))


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (CaseOutcome.PASSED, RequirementState.TESTED),
        (CaseOutcome.FAILED, RequirementState.FAILED),
        (CaseOutcome.SKIPPED, RequirementState.CLAIMED),
        (CaseOutcome.XFAILED, RequirementState.CLAIMED),
    ],
)
def test_a_browser_test_that_names_a_requirement_tests_it(
    outcome: CaseOutcome, state: RequirementState
) -> None:
    delivery = browser_tests(r3=outcome)
    report = assess(
        sample.requirements(), sample.blueprint(), sample.tree(), (), sample.passed_tests(),
        delivery=delivery,
    )  # fmt: skip
    row = next(row for row in report.requirements if row.id == "R3")
    assert row.state is state
    assert [test.name for test in row.tests] == ["R3 in a browser"]


def test_a_report_says_which_browser_tests_show_nothing() -> None:
    report = report_with(browser_tests(r1=CaseOutcome.PASSED, r2=CaseOutcome.SKIPPED))
    assert report.reasons[-1] == (
        "As delivered (here), 3 of 3 rungs hold; browser tests that show nothing: R2 in a browser."
    )
    page = render_page(report, sample.tree())
    assert "R2 in a browser" in page
    assert "tests/browser/a.spec.ts:3" in page


def test_what_was_not_tried_leaves_a_report_as_it_is() -> None:
    assert report_with(None).delivery is None
    assert report_with(None).verdict is Verdict.PASSED


def test_the_summary_of_a_climb_is_the_same_in_every_run() -> None:
    def climbed(seconds: float, moment: str) -> Climb:
        return Climb(tier="here", notes=("a note",), rungs=(
            RungResult(rung=Rung.START, outcome=Outcome.BROKEN, seconds=seconds,
                       reason=f"nothing listens (waited {seconds:.0f} s)",
                       evidence=f"{moment} ERROR no such table"),
        ))  # fmt: skip

    one = summarize_climb(climbed(2.0, "2026-01-02T03:04:05Z"))
    assert one == summarize_climb(climbed(3.0, "2026-01-03T03:04:06Z"))
    assert "no such table" in one.rungs[0].evidence


def test_the_page_shows_every_rung_and_escapes_what_the_application_said() -> None:
    said = RungSummary(rung="start", outcome="broken", reason="<b>why</b>", evidence="<script>")
    delivery = DeliverySummary(tier="here", rungs=(said, *rungs()[2:]), notes=("an older Node",))
    page = render_page(report_with(delivery), sample.tree())
    for shown in ("As delivered", "an older Node", "&lt;b&gt;why", "&lt;script&gt;", "data lasts"):
        assert shown in page
    assert "<script>" not in page
