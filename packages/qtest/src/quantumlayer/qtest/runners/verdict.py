"""From a report to a verdict. An exit status can only ever make it worse."""

from collections.abc import Sequence

from quantumlayer.qtest.model import CaseOutcome, Limits, Verdict
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.readable import tail
from quantumlayer.qtest.sandbox import SandboxResult

NAMES_SHOWN = 5
TIME_LIMITS = {"wall_seconds", "cpu_seconds"}
BROKEN = (CaseOutcome.FAILED, CaseOutcome.ERROR)
LIMIT_WORDS = {
    "memory_bytes": "more memory than its limit",
    "processes": "more processes than its limit",
    "output_bytes": "more output than its limit",
}


def judge(result: SandboxResult, outcome: Outcome, limits: Limits) -> tuple[Verdict, str]:
    """The verdict and one sentence that explains it. Passed is what remains at the very end."""
    stopped = set(result.limits_hit)
    if stopped & TIME_LIMITS:
        return Verdict.TIMED_OUT, time_out_reason(stopped, outcome, limits)
    if never_started(result, outcome):
        said = said_at_the_end(result)
        return Verdict.INFRASTRUCTURE_ERROR, f"The test runner could not start: {said}"
    problem = interference(stopped, outcome)
    if not problem and not outcome.absent:
        problem = failure_of(result, outcome)
    if problem:
        return Verdict.FAILED, problem
    unknown = unknown_of(outcome)
    if unknown:
        return Verdict.INFRASTRUCTURE_ERROR, unknown
    if outcome.counts[CaseOutcome.PASSED] == 0:
        return Verdict.NO_TESTS, absence_reason(outcome)
    passed = outcome.counts[CaseOutcome.PASSED]
    return Verdict.PASSED, f"All {passed} tests passed{beside(outcome)}."


def never_started(result: SandboxResult, outcome: Outcome) -> bool:
    """Whether the runner ended before anything of the project was run."""
    return not outcome.opened and outcome.genuine and not result.limits_hit


def said_at_the_end(result: SandboxResult) -> str:
    """The line that names an error, or else the last one."""
    said = tail(result.stderr or result.stdout).splitlines() or ["it said nothing"]
    return next((line.strip() for line in reversed(said) if "rror" in line), said[-1])


def unknown_of(outcome: Outcome) -> str:
    """What could not be found out, or nothing."""
    if outcome.unrun and not outcome.absent:
        return (
            "Not all tests could be run: pytest passes over classes with a constructor: "
            f"{', '.join(outcome.unrun)}."
        )
    return outcome.absent


def interference(stopped: set[str], outcome: Outcome) -> str:
    """Why the report is no evidence, or nothing."""
    if not outcome.genuine:
        return "Something other than the test runner wrote to the test report: it proves nothing."
    if outcome.tampered:
        return f"The run changed what it is judged by: {', '.join(outcome.tampered)}."
    if stopped and not outcome.closed:
        used = " and ".join(LIMIT_WORDS.get(limit, limit) for limit in sorted(stopped))
        return f"The tests were stopped because they used {used}{during(outcome)}."
    return ""


def failure_of(result: SandboxResult, outcome: Outcome) -> str:
    """Why the run is not a success, or nothing."""
    broken = [case for case in outcome.cases if case.outcome in BROKEN]
    if broken:
        first, total = broken[0], len(outcome.cases)
        line = (first.message.strip().splitlines() or ["no message"])[0]
        return f"{len(broken)} of {total} tests failed, the first: {first.name}: {line}"
    if outcome.problem:
        return outcome.problem
    ended = f"signal {result.signal}" if result.signal else f"exit status {result.exit_status}"
    if not outcome.closed:
        return f"The test process ended ({ended}) before all tests had finished{during(outcome)}."
    if outcome.missing:
        return never_ended(outcome.missing)
    empty = outcome.exit_status == NOTHING_COLLECTED and not outcome.counts[CaseOutcome.PASSED]
    if result.exit_status != (outcome.exit_status or 0) or (outcome.exit_status and not empty):
        return f"Every test passed, but the test process ended with {ended}."
    return ""


def never_ended(names: Sequence[str]) -> str:
    """Who reads it has to find them: the first names stand in it."""
    count = "1 test was" if len(names) == 1 else f"{len(names)} tests were"
    more = ", …" if len(names) > NAMES_SHOWN else ""
    return f"{count} found but never ran to the end: {', '.join(names[:NAMES_SHOWN])}{more}."


NOTHING_COLLECTED = 5  # pytest's exit status when it finds no test


def time_out_reason(stopped: set[str], outcome: Outcome, limits: Limits) -> str:
    spent = (
        f"{limits.wall_seconds:g} s"
        if "wall_seconds" in stopped
        else f"{limits.cpu_seconds} s of processor time"
    )
    finished = "after its last test had ended" if outcome.closed else "while collecting tests"
    where = f"in {outcome.running}" if outcome.running else finished
    return f"The test run did not end within {spent}; it was stopped {where}."


def beside(outcome: Outcome) -> str:
    """Tests of the sources that were not asked for: whoever reads of a pass should know."""
    return f"; {outcome.left_out} more are left out by the settings" if outcome.left_out else ""


def during(outcome: Outcome) -> str:
    return f", in {outcome.running}" if outcome.running else ""


def absence_reason(outcome: Outcome) -> str:
    if not outcome.cases:
        return "No tests were found, so nothing is proven."
    return (
        f"None of the {len(outcome.cases)} tests proves anything: all are skipped, to do, or "
        "expected to fail."
    )
