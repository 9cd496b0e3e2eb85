"""From a report to a verdict. An exit status can only ever make it worse."""

from quantumlayer.qtest.model import CaseOutcome, Limits, Verdict
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.readable import tail
from quantumlayer.qtest.sandbox import SandboxResult

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
    if not outcome.opened and outcome.genuine and not stopped:
        said = tail(result.stderr or result.stdout).splitlines() or ["it said nothing"]
        return Verdict.INFRASTRUCTURE_ERROR, f"The test runner could not start: {said[-1]}"
    problem = interference(stopped, outcome)
    if outcome.absent and not problem:
        return Verdict.INFRASTRUCTURE_ERROR, outcome.absent
    problem = problem or failure_of(result, outcome)
    return (Verdict.FAILED, problem) if problem else proof_of(outcome)


def proof_of(outcome: Outcome) -> tuple[Verdict, str]:
    """What a run proves of which nothing is wrong."""
    if outcome.unrun:
        return Verdict.INFRASTRUCTURE_ERROR, (
            "Not all tests could be run: pytest passes over classes with a constructor: "
            f"{', '.join(outcome.unrun)}."
        )
    if outcome.counts[CaseOutcome.PASSED] == 0:
        return Verdict.NO_TESTS, absence_reason(outcome)
    return Verdict.PASSED, f"All {outcome.counts[CaseOutcome.PASSED]} tests passed."


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
        return f"{outcome.missing} tests were found but never ran to their end."
    empty = outcome.exit_status == NOTHING_COLLECTED and not outcome.counts[CaseOutcome.PASSED]
    if result.exit_status != (outcome.exit_status or 0) or (outcome.exit_status and not empty):
        return f"Every test passed, but the test process ended with {ended}."
    return ""


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


def during(outcome: Outcome) -> str:
    return f", in {outcome.running}" if outcome.running else ""


def absence_reason(outcome: Outcome) -> str:
    if not outcome.cases:
        return "No tests were found, so nothing is proven."
    return (
        f"None of the {len(outcome.cases)} tests proves anything: all are skipped, to do, or "
        "expected to fail."
    )
