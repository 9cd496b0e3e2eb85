"""What a native test tool tells of a run, read from its report or its own words.

An exit status alone says nothing here: installers, linters, build plug-ins and missing modules end
with one just as failing tests do. Only a tool that tells of tests has run them.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_TEST_RESULT = re.compile(
    r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", re.MULTILINE
)
# tape and node:test tell their sums at the end, as comments of TAP.
_TAP_SUMS = re.compile(r"^# (tests|pass|fail|skipped|todo)[ \t]+(\d+)[ \t]*$", re.MULTILINE)
_MOCHA_SUMS = re.compile(r"^\s+(\d+) (passing|failing|pending)\b", re.MULTILINE)
_UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
_UNITTEST_SUMS = re.compile(
    r"\b(failures|errors|unexpected successes|skipped|expected failures)=(\d+)"
)
_UNITTEST_UNLOADED = re.compile(r"^ERROR: .*_FailedTest\b", re.MULTILINE)
_ASSERTION = re.compile(r"AssertionError|ERR_ASSERTION")
_MISSING = re.compile(r"MODULE_NOT_FOUND|ERR_MODULE_NOT_FOUND")


@dataclass(frozen=True)
class Tally:
    """Tests that passed, failed (or broke) and were skipped; None where the tool counts none.

    `assertions`: the tool counts these, and not the tests that they are in.
    """

    passed: int | None = 0
    failed: int | None = 0
    skipped: int | None = 0
    assertions: bool = False

    @property
    def any_failed(self) -> bool:
        """Whether the tool told of a test that failed."""
        return bool(self.failed)

    @property
    def any_ran(self) -> bool:
        """Whether the tool told of a test that ran."""
        return self.passed is None or bool(self.passed or self.failed)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            (self.passed or 0) + (other.passed or 0),
            (self.failed or 0) + (other.failed or 0),
            (self.skipped or 0) + (other.skipped or 0),
        )


def of_junit_reports(reports: Iterable[str]) -> Tally:
    """From JUnit's XML, as pytest and Surefire write it.

    A file that could not be collected is an error of pytest's without a test in it: it is counted
    by nobody, since nothing ran there.
    """
    total = Tally()
    for text in reports:
        for case in ET.fromstring(text).iter("testcase"):  # noqa: S314 - bounded, ours
            total += _of_case(case)
    return total


def _of_case(case: ET.Element) -> Tally:
    broken = case.find("error")
    if broken is not None and broken.get("message", "").startswith("collection failure"):
        return Tally()
    if broken is not None or case.find("failure") is not None:
        return Tally(failed=1)
    return Tally(skipped=1) if case.find("skipped") is not None else Tally(passed=1)


def of_unittest_output(output: str) -> Tally:
    """From the last lines of unittest; a module that it cannot load is a test that broke there."""
    ran = _UNITTEST_RAN.search(output)
    if ran is None:
        return Tally()
    found = {kind: int(count) for kind, count in _UNITTEST_SUMS.findall(output[ran.end() :])}
    unloaded = len(_UNITTEST_UNLOADED.findall(output))
    broken = (
        found.get("failures", 0) + found.get("errors", 0) + found.get("unexpected successes", 0)
    )
    skipped = found.get("skipped", 0) + found.get("expected failures", 0)
    ran_through = max(int(ran[1]) - broken - skipped, 0)
    return Tally(ran_through, max(broken - unloaded, 0), skipped)


def of_go_events(output: str) -> Tally:
    """From the events of `go test -json`, subtests included; what is not built has none."""
    ends = {"pass": Tally(passed=1), "fail": Tally(failed=1), "skip": Tally(skipped=1)}
    total = Tally()
    for line in output.splitlines():
        if not line.startswith("{"):
            continue
        event = json.loads(line)
        if event.get("Test"):
            total += ends.get(event["Action"], Tally())
    return total


def of_cargo_output(output: str) -> Tally:
    """From the line that every test program of Rust ends with."""
    total = Tally()
    for passed, failed, ignored in _TEST_RESULT.findall(output):
        total += Tally(int(passed), int(failed), int(ignored))
    return total


def of_javascript_output(output: str, status: int | None, by_node: bool) -> Tally:
    """From TAP's sums or mocha's; of a plain program that node itself ran, from how it ended.

    `by_node` says that no tool stood between: node then ends with 0 when the program came to its
    end, and names the assertion when one did not hold.
    """
    sums = _TAP_SUMS.findall(output)
    if sums:
        # Only node:test tells of suites, and counts tests.
        return _of_tap(sums, assertions="\n# suites " not in output)
    counts = {kind: int(count) for count, kind in _MOCHA_SUMS.findall(output)}
    if counts:
        return Tally(counts.get("passing", 0), counts.get("failing", 0), counts.get("pending", 0))
    if by_node and status == 0:
        return Tally(passed=None, failed=None, skipped=None)
    asserted = _ASSERTION.search(output) and not _MISSING.search(output)
    return Tally(failed=1) if asserted else Tally()


def _of_tap(sums: list[tuple[str, str]], *, assertions: bool) -> Tally:
    total = {"tests": 0, "pass": 0, "fail": 0, "skipped": 0, "todo": 0}
    for kind, count in sums:
        total[kind] += int(count)
    skipped = total["skipped"] + total["todo"]
    return Tally(total["pass"], total["fail"], skipped, assertions)
