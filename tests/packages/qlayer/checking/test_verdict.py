"""One verdict from what was read and run, and one for many paths."""

import pytest

from quantumlayer.qlayer.checking import SyntaxProblem, worst
from quantumlayer.qlayer.checking.verdict import judge
from quantumlayer.qtest import TestReport, Verdict

PROBLEM = SyntaxProblem(path="a.py", line=3, column=1, message="invalid syntax", tier="python")


def ended(verdict: Verdict) -> TestReport:
    return TestReport(verdict=verdict, reason="said", runner="pytest", language="python")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_without_problems_the_tests_decide(verdict: Verdict) -> None:
    assert judge(ended(verdict), (), known=True) == (verdict, "said")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_malformed_source_fails_whatever_the_tests_say(verdict: Verdict) -> None:
    found, reason = judge(ended(verdict), (PROBLEM,), known=True)
    assert found is Verdict.FAILED
    assert reason == "1 file is not well formed: a.py:3: invalid syntax (python)."


def test_nothing_to_run_proves_nothing() -> None:
    assert judge(None, (), known=True)[0] is Verdict.NO_TESTS
    assert "no source of a known language" in judge(None, (), known=False)[1]


def test_checkers_that_could_not_be_asked_are_no_pass() -> None:
    found = judge(None, (), known=True, trouble="bubblewrap is not installed")
    assert found == (Verdict.INFRASTRUCTURE_ERROR, "bubblewrap is not installed")


@pytest.mark.parametrize(
    ("verdicts", "one"),
    [
        ("passed passed", "passed"),
        ("passed no_tests", "no_tests"),
        ("no_tests failed passed", "failed"),
        ("failed timed_out", "timed_out"),
        ("timed_out infrastructure_error failed", "infrastructure_error"),
    ],
)
def test_the_worst_stands_for_all(verdicts: str, one: str) -> None:
    assert worst(map(Verdict, verdicts.split())) is Verdict(one)
