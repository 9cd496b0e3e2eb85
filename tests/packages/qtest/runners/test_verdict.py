"""How reports are judged, case by case."""

import re
from dataclasses import replace

import pytest

from quantumlayer.qtest import CaseOutcome, Limits, SandboxResult, TestCase, Verdict
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.verdict import judge


def case(outcome: CaseOutcome, message: str = "") -> TestCase:
    return TestCase(name=f"a {outcome} test", path="test_it.py", outcome=outcome, message=message)


PASSED, FAILED = case(CaseOutcome.PASSED), case(CaseOutcome.FAILED, "1 == 2\nmore")
GOOD = Outcome(cases=(PASSED,), opened=True, closed=True, exit_status=0)
ENDED = SandboxResult(
    exit_status=0, signal=None, stdout="", stderr="", elapsed_seconds=1.0, tier="bubblewrap"
)


def verdict(outcome: Outcome, **ended: object) -> tuple[Verdict, str]:
    return judge(ENDED.model_copy(update=ended), outcome, Limits())


def test_a_complete_report_of_passing_tests_passes() -> None:
    assert verdict(GOOD) == (Verdict.PASSED, "All 1 tests passed.")


@pytest.mark.parametrize(
    ("changes", "ended", "expected"),
    [
        ({"cases": (PASSED, FAILED)}, {}, "1 of 2 tests failed, the first: a failed test: 1 == 2"),
        ({"closed": False}, {}, "exit status 0\\) before all tests had finished"),
        ({"closed": False, "running": "a::b"}, {}, "in a::b"),
        ({"closed": False}, {"exit_status": None, "signal": 9}, "signal 9"),
        ({"missing": ("a", "b")}, {}, "2 tests were found but never ran to the end: a, b."),
        ({"missing": ("a",)}, {}, "1 test was found"),
        ({"missing": tuple("abcdef")}, {}, "a, b, c, d, e, …"),
        ({"genuine": False}, {}, "it proves nothing"),
        ({"problem": "It was broken off."}, {}, "It was broken off."),
        ({}, {"exit_status": 1}, "Every test passed, but"),
        ({"exit_status": 1}, {"exit_status": 1}, "Every test passed, but"),
        ({"closed": False}, {"limits_hit": ("memory_bytes",)}, "more memory than its limit"),
        ({"cases": (case(CaseOutcome.ERROR),)}, {"exit_status": 1}, "no message"),
    ],
)
def test_anything_missing_or_contradictory_fails(
    changes: dict[str, object], ended: dict[str, object], expected: str
) -> None:
    found, reason = verdict(replace(GOOD, **changes), **ended)  # type: ignore[arg-type]  # a row of the table
    assert found is Verdict.FAILED
    assert re.search(expected, reason), reason


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ((), "No tests were found"),
        ((case(CaseOutcome.SKIPPED), case(CaseOutcome.XFAILED)), "None of the 2 tests"),
    ],
)
def test_nothing_that_passed_is_no_tests(cases: tuple[TestCase, ...], said: str) -> None:
    found, reason = verdict(replace(GOOD, cases=cases, exit_status=5), exit_status=5)
    assert found is Verdict.NO_TESTS
    assert said in reason


@pytest.mark.parametrize("limit", ["wall_seconds", "cpu_seconds"])
def test_running_out_of_time_is_timed_out_whatever_else_is_reported(limit: str) -> None:
    hanging = replace(GOOD, closed=False, running="t.py::slow", cases=(PASSED, FAILED))
    found, reason = verdict(hanging, limits_hit=(limit,), exit_status=None, signal=9)
    assert found is Verdict.TIMED_OUT
    assert "in t.py::slow" in reason


def test_reaching_a_limit_without_harm_does_not_fail_a_complete_report() -> None:
    assert verdict(GOOD, limits_hit=("processes",))[0] is Verdict.PASSED


def test_a_runner_that_never_starts_is_our_fault() -> None:
    found, reason = verdict(Outcome(), exit_status=1, stderr="bad\ncannot import pytest")
    assert found is Verdict.INFRASTRUCTURE_ERROR
    assert reason.endswith("cannot import pytest")


@pytest.mark.parametrize(
    ("stderr", "said"),
    [
        (
            "node:internal:1\n  throw e;\nError: spawn EAGAIN\n  at a (b)\n\nNode.js v20.20.2\n",
            "Error: spawn EAGAIN",
        ),
        ("Traceback:\nMemoryError\n", "MemoryError"),
        ("no such program\n", "no such program"),
        ("", "it said nothing"),
    ],
)
def test_a_runner_that_never_started_says_why(stderr: str, said: str) -> None:
    found, reason = verdict(Outcome(exit_status=1), exit_status=1, stderr=stderr)
    assert found is Verdict.INFRASTRUCTURE_ERROR
    assert reason == f"The test runner could not start: {said}"
