"""What counts as a test that ran, in the words of each native tool."""

import pytest

from benchmarks.real_projects.boxed import Ended
from benchmarks.real_projects.native import Native, Outcome
from benchmarks.real_projects.tally import (
    Tally,
    of_cargo_output,
    of_go_events,
    of_javascript_output,
    of_junit_reports,
    of_unittest_output,
)

JUNIT = "<testsuites><testsuite>{}</testsuite></testsuites>"
CASE = '<testcase name="a">{}</testcase>'


def outcome(tally: Tally, status: int | None) -> Outcome:
    return Native(Ended(status, "", 1.0), tally).outcome


@pytest.mark.parametrize(
    ("inner", "tally"),
    [
        (CASE.format(""), Tally(passed=1)),
        (CASE.format("") + CASE.format("<failure/>"), Tally(passed=1, failed=1)),
        (CASE.format("<error message='failed on setup'/>"), Tally(failed=1)),
        (CASE.format("<skipped/>"), Tally(skipped=1)),
        (CASE.format("<error message='collection failure'/>"), Tally()),
        ("", Tally()),
    ],
)
def test_junit_tells_each_test(inner: str, tally: Tally) -> None:
    assert of_junit_reports([JUNIT.format(inner)]) == tally


@pytest.mark.parametrize(
    ("said", "tally"),
    [
        ("Ran 5 tests in 0.1s\n\nOK", Tally(passed=5)),
        ("Ran 5 tests in 0.1s\n\nOK (skipped=1, expected failures=1)", Tally(3, 0, 2)),
        ("Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1)", Tally(3, 2)),
        (
            "ERROR: a (unittest.loader._FailedTest.a)\nRan 1 test in 0.1s\n\nFAILED (errors=1)",
            Tally(),
        ),
        ("Traceback\nModuleNotFoundError: x", Tally()),
    ],
)
def test_unittest_tells_its_sums(said: str, tally: Tally) -> None:
    assert of_unittest_output(said) == tally


def test_go_tells_tests_and_not_packages() -> None:
    events = """\
go: downloading nothing
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"pass","Package":"p"}
"""
    assert of_go_events(events) == Tally(passed=2, skipped=1)
    assert of_go_events('{"Action":"fail","Package":"p","FailedBuild":"p"}') == Tally()


def test_cargo_tells_the_sum_of_its_programs() -> None:
    said = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n"
    broken = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured\n"
    assert of_cargo_output(said + "noise\n" + broken) == Tally(4, 2, 1)
    assert of_cargo_output("error[E0432]: unresolved import\nerror: could not compile") == Tally()


@pytest.mark.parametrize(
    ("said", "status", "by_node", "expected"),
    [
        ("1..4\n# tests 4\n# pass  4\n\n# ok\n", 0, False, "passed"),
        ("# tests 4\n# pass  3\n# fail  1\n", 1, False, "failed"),
        ("TAP version 13\n# tests 1\n# pass 1\n# fail 0\n# skipped 0\n", 0, False, "passed"),
        ("  3 passing (10ms)\n  1 pending\n", 0, False, "passed"),
        ("  3 passing (10ms)\n  2 failing\n", 2, False, "failed"),
        # All tests passed, and what came after them did not.
        ("# tests 4\n# pass  4\n\nERROR: Coverage for lines\n", 1, False, "not run"),
        # Plain programs: node's own word.
        ("", 0, True, "passed"),
        ("AssertionError [ERR_ASSERTION]: 1 == 2\n", 1, True, "failed"),
        ("Error: Cannot find module 'x'\n code: 'MODULE_NOT_FOUND'\n", 1, True, "not run"),
        # A script's status of 0 alone proves nothing, and a missing tool is no failing test.
        ("", 0, False, "not run"),
        ("sh: 1: tape: not found\n", 127, False, "not run"),
    ],
)
def test_javascript_tools_tell_or_nothing_is_known(
    said: str, status: int, by_node: bool, expected: Outcome
) -> None:
    assert outcome(of_javascript_output(said, status, by_node), status) == expected


@pytest.mark.parametrize(
    ("tally", "status", "expected"),
    [
        (Tally(passed=3), 0, "passed"),
        (Tally(passed=3, failed=1), 1, "failed"),
        (Tally(passed=3), 1, "not run"),
        (Tally(), 1, "not run"),
        (Tally(), 0, "not run"),
        (Tally(skipped=2), 0, "not run"),
        (Tally(passed=3), None, "timed out"),
    ],
)
def test_a_status_alone_is_no_word_on_tests(
    tally: Tally, status: int | None, expected: Outcome
) -> None:
    assert outcome(tally, status) == expected


def test_tape_counts_assertions_and_node_counts_tests() -> None:
    tape, node = "# tests 4\n# pass  4\n", "# tests 4\n# suites 0\n# pass 4\n# fail 0\n"
    assert of_javascript_output(tape, 0, by_node=False).assertions
    assert not of_javascript_output(node, 0, by_node=False).assertions
