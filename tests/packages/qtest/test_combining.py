"""Naming what is flaky, and one report for several languages."""

import pytest

from quantumlayer.qtest import CaseOutcome, Coverage, TestCase, TestReport, Verdict
from quantumlayer.qtest.combining import combined, with_flaky


def test_a_test_that_passes_when_run_again_is_named_and_the_verdict_stays() -> None:
    first = report_of(Verdict.FAILED, dice=CaseOutcome.FAILED, steady=CaseOutcome.PASSED)
    second = report_of(Verdict.PASSED, dice=CaseOutcome.PASSED, steady=CaseOutcome.PASSED)
    found = with_flaky(first, second)
    assert (found.verdict, found.flaky) == (Verdict.FAILED, ("dice",))
    assert "flaky" in found.reason


def test_a_test_that_fails_twice_is_not_flaky() -> None:
    first = report_of(Verdict.FAILED, broken=CaseOutcome.FAILED)
    assert with_flaky(first, first) == first


def report_of(verdict: Verdict, **outcomes: CaseOutcome) -> TestReport:
    cases = tuple(
        TestCase(name=name, path="test_x.py", outcome=outcome) for name, outcome in outcomes.items()
    )
    return TestReport(
        verdict=verdict, reason="It failed.", runner="pytest", language="python", cases=cases
    )


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        ([Verdict.PASSED, Verdict.NO_TESTS], Verdict.NO_TESTS),
        ([Verdict.FAILED, Verdict.NO_TESTS], Verdict.FAILED),
        ([Verdict.FAILED, Verdict.TIMED_OUT], Verdict.TIMED_OUT),
        ([Verdict.INFRASTRUCTURE_ERROR, Verdict.TIMED_OUT], Verdict.INFRASTRUCTURE_ERROR),
        ([Verdict.PASSED, Verdict.PASSED], Verdict.PASSED),
    ],
)
def test_the_worst_verdict_holds(verdicts: list[Verdict], worst: Verdict) -> None:
    assert combined([report_of(verdict) for verdict in verdicts]).verdict is worst


def test_coverage_of_several_languages_is_weighed_by_files() -> None:
    measured = [
        report_of(Verdict.PASSED).model_copy(update={"coverage": Coverage(lines_percent=share)})
        for share in (50.0, 100.0)
    ]
    found = combined(measured).coverage
    assert found is not None
    assert (found.lines_percent, found.branches_percent) == (75.0, None)
