"""Testing a project: dependencies, sandbox, runner, verdict."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from quantumlayer.qtest.environments import Environment, Language, prepare_environment
from quantumlayer.qtest.errors import (
    DependencyError,
    Fault,
    QtestError,
    SandboxUnavailable,
    ToolMissing,
)
from quantumlayer.qtest.model import CaseOutcome, Limits, TestCase, TestReport, Verdict
from quantumlayer.qtest.project import detect_language
from quantumlayer.qtest.runners.node_runner import run_node
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.pytest_runner import run_pytest
from quantumlayer.qtest.runners.readable import readable, tail
from quantumlayer.qtest.runners.verdict import judge
from quantumlayer.qtest.sandbox import Sandbox, probe_sandbox


class Runner(NamedTuple):
    """A test runner and the name that reports give it."""

    name: str
    run: Callable[[Path, Environment, Sandbox, Limits], Awaitable[Observed]]


# As faulthandler prints it, for files of the project only: others begin with a slash or `<`.
PROJECT_FRAME = re.compile(r'File "(?P<path>[^/<"][^"]*)", line (?P<line>\d+)')

RUNNERS = {
    Language.PYTHON: Runner("pytest", run_pytest),
    Language.JAVASCRIPT: Runner("node:test", run_node),
}


async def run_tests(
    project: Path,
    *,
    cache: Path,
    limits: Limits | None = None,
    language: Language | str | None = None,
    sandbox: Sandbox | None = None,
) -> TestReport:
    """Run a project's tests in a sandbox and say what they prove.

    The project is copied and never changed. Dependencies come from `cache` or are installed into it
    first. `limits` hold for the tests, not for installing. Whatever goes wrong is a verdict; only a
    path that is no folder, or an unknown language, raises (QtestError).
    """
    if not await asyncio.to_thread(project.is_dir):
        raise QtestError(f"{project} is not a folder. Give the folder that holds the project.")
    started = time.monotonic()
    chosen = known_language(language) or await asyncio.to_thread(detect_language, project)
    if chosen is None:
        return unproven(
            Verdict.NO_TESTS, "No Python or JavaScript files were found, so nothing is proven."
        )
    runner, bounds = RUNNERS[chosen], limits or Limits()
    try:
        if sandbox is None:
            sandbox = await asyncio.to_thread(probe_sandbox)
        environment = await prepare_environment(project, chosen, cache)
        observed = await runner.run(project, environment, sandbox, bounds)
    except DependencyError as error:
        verdict = Verdict.FAILED if error.fault is Fault.PROJECT else Verdict.INFRASTRUCTURE_ERROR
        failed = unproven(verdict, str(error), runner.name, chosen, started)
        return failed.model_copy(update={"output": tail(error.output)})
    except (SandboxUnavailable, ToolMissing) as error:
        return unproven(Verdict.INFRASTRUCTURE_ERROR, str(error), runner.name, chosen, started)
    return report(observed, runner.name, chosen, bounds, started)


def known_language(language: Language | str | None) -> Language | None:
    if language is None:
        return None
    try:
        return Language(language)
    except ValueError as error:
        known = ", ".join(Language)
        raise QtestError(f"Tests cannot be run in {language!r}; known are: {known}.") from error


def report(
    observed: Observed, runner: str, language: Language, limits: Limits, started: float
) -> TestReport:
    """Put the verdict and its evidence together."""
    result, outcome = observed.result, observed.outcome
    verdict, reason = judge(result, outcome, limits)
    if outcome.running and not outcome.closed:
        outcome = replace(outcome, cases=(*outcome.cases, unfinished_case(observed, reason)))
    counts = outcome.counts
    passed, failed, errors = (
        counts[kind] for kind in (CaseOutcome.PASSED, CaseOutcome.FAILED, CaseOutcome.ERROR)
    )
    return TestReport(
        verdict=verdict,
        reason=reason,
        runner=runner,
        language=language,
        executed=passed + failed + errors,
        passed=passed,
        failed=failed,
        errors=errors,
        skipped=counts[CaseOutcome.SKIPPED] + counts[CaseOutcome.XFAILED],
        cases=outcome.cases,
        coverage=outcome.coverage,
        sandbox=result.tier,
        limits_hit=result.limits_hit,
        elapsed_seconds=round(time.monotonic() - started, 3),
        output=tail(f"{result.stdout}\n{result.stderr}"),
    )


def unfinished_case(observed: Observed, reason: str) -> TestCase:
    """The test that never ended, with the stacks that a hang or a crash printed.

    The innermost frame is printed first, so the first line of the project is where it stood.
    """
    path, _, name = observed.outcome.running.partition("::")
    stacks = readable(observed.result.stderr)
    frame = PROJECT_FRAME.search(stacks)
    place = f" It stood in {frame['path']}, line {frame['line']}." if frame else ""
    return TestCase(
        name=name or path,
        path=path,
        line=int(frame["line"]) if frame and frame["path"] == path else None,
        outcome=CaseOutcome.ERROR,
        message=reason + place,
        details=tail(stacks),
    )


def unproven(
    verdict: Verdict,
    reason: str,
    runner: str = "",
    language: str = "",
    started: float | None = None,
) -> TestReport:
    """A report of a run that never came to run a test."""
    elapsed = 0.0 if started is None else round(time.monotonic() - started, 3)
    return TestReport(
        verdict=verdict, reason=reason, runner=runner, language=language, elapsed_seconds=elapsed
    )
