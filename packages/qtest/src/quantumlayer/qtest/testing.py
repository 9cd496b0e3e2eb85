"""Testing a project: dependencies, sandbox, runner, verdict."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.assertions import NOTHING_ASSERTED, assert_nothing
from quantumlayer.qtest.combining import combined, with_flaky
from quantumlayer.qtest.environments import Environment, Language, prepare_environment
from quantumlayer.qtest.errors import (
    DependencyError,
    Fault,
    QtestError,
    SandboxUnavailable,
    ToolMissing,
)
from quantumlayer.qtest.lacking import explained, groups_for
from quantumlayer.qtest.model import (
    CaseOutcome,
    Diagnostic,
    Limits,
    TestCase,
    TestReport,
    Verdict,
)
from quantumlayer.qtest.project import detect_languages
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.readable import printable, readable, tail
from quantumlayer.qtest.runners.table import RUNNERS
from quantumlayer.qtest.runners.traces import Traces
from quantumlayer.qtest.runners.verdict import judge, never_started
from quantumlayer.qtest.sandbox import Sandbox, probe_sandbox


class TracedReport(NamedTuple):
    """A report, and in the languages that can tell, which test ran which line."""

    report: TestReport
    traces: Mapping[Language, Traces]


# As faulthandler prints it, for files of the project only: others begin with a slash or `<`.
PROJECT_FRAME = re.compile(r'File "(?P<path>[^/<"][^"]*)", line (?P<line>\d+)')

NAMES = ", ".join(RUNNERS)


async def run_tests(
    project: Path,
    *,
    cache: Path,
    limits: Limits | None = None,
    language: Language | str | None = None,
    sandbox: Sandbox | None = None,
) -> TestReport:
    """Run a project's tests in a sandbox and say what they prove.

    The project is copied and never changed. Every language that has tests is run, unless `language`
    chooses one; the verdict is the worst. Tests that fail are run once more, and named as flaky
    when they then pass: the verdict stays `failed`. Dependencies come from `cache` or are installed
    into it first. `limits` hold for the tests of each language, not for installing. Whatever goes
    wrong is a verdict; only a path that is no folder, or an unknown language, raises (QtestError).
    """
    tested = await run_traced_tests(
        project, cache=cache, limits=limits, language=language, sandbox=sandbox
    )
    return tested.report


async def run_traced_tests(
    project: Path,
    *,
    cache: Path,
    limits: Limits | None = None,
    language: Language | str | None = None,
    sandbox: Sandbox | None = None,
) -> TracedReport:
    """The same as `run_tests`, and which test ran which line: what `measure_mutation` needs."""
    if not await asyncio.to_thread(project.is_dir):
        raise QtestError(f"{project} is not a folder. Give the folder that holds the project.")
    chosen = known_language(language)
    found = (chosen,) if chosen else await asyncio.to_thread(detect_languages, project)
    if not found:
        nothing = f"No files of {NAMES} were found, so nothing is proven."
        return TracedReport(unproven(Verdict.NO_TESTS, nothing), {})
    bounds = limits or Limits()
    tested = [await in_language(project, each, cache, bounds, sandbox) for each in found]
    traces = {name: one for each in tested for name, one in each.traces.items()}
    return TracedReport(combined([each.report for each in tested]), traces)


async def in_language(
    project: Path, language: Language, cache: Path, limits: Limits, sandbox: Sandbox | None
) -> TracedReport:
    """The report of one language's tests, with a second run where a flaky test would show."""
    runner, started = RUNNERS[language], time.monotonic()
    try:
        if sandbox is None:
            sandbox = await asyncio.to_thread(probe_sandbox)
        environment = await prepare_environment(project, language, cache)
        observed = await runner.run(project, environment, sandbox, limits)
        bounds = remaining(limits, observed)
        if bounds is not None and never_started(observed.result, observed.outcome):
            # A machine short of memory or processes for a moment proves nothing about the project.
            observed = await runner.run(project, environment, sandbox, bounds)
        first = report(observed, runner.name, environment, limits, started)
        if more := groups_for(first, environment):
            environment = await prepare_environment(project, language, cache, more)
            observed = await runner.run(project, environment, sandbox, limits)
            first = report(observed, runner.name, environment, limits, started)
        first = await asyncio.to_thread(
            explained, first, environment, project, believed=believed(observed)
        )
        if first.verdict is Verdict.PASSED and await asyncio.to_thread(
            assert_nothing, project, language, first.cases
        ):
            empty = {"verdict": Verdict.NO_TESTS, "reason": NOTHING_ASSERTED}
            return TracedReport(first.model_copy(update=empty), {})
        traces = observed.outcome.traces
        bounds = remaining(limits, observed)
        if bounds is None or not worth_repeating(observed, first):
            return TracedReport(first, {} if traces is None else {language: traces})
        again = await runner.run(project, environment, sandbox, bounds)
        second = report(again, runner.name, environment, limits, started)
        return TracedReport(with_flaky(first, second) if again.outcome.closed else first, {})
    except DependencyError as error:
        verdict = Verdict.FAILED if error.fault is Fault.PROJECT else Verdict.INFRASTRUCTURE_ERROR
        failed = unproven(verdict, str(error), runner.name, language, started)
        more_of_it = {"output": tail(error.output), "undetermined": error.undetermined}
        return TracedReport(failed.model_copy(update=more_of_it), {})
    except NotUnderstood as error:
        place = Diagnostic(path=error.path, line=error.line, message=error.reason)
        verdict = Verdict.INFRASTRUCTURE_ERROR
        failed = unproven(verdict, str(error), runner.name, language, started)
        return TracedReport(failed.model_copy(update={"undetermined": (place,)}), {})
    except (SandboxUnavailable, ToolMissing) as error:
        verdict = Verdict.INFRASTRUCTURE_ERROR
        return TracedReport(unproven(verdict, str(error), runner.name, language, started), {})


def remaining(limits: Limits, observed: Observed) -> Limits | None:
    """The limits of another run in the time that one has left; None where that is too little."""
    left = limits.wall_seconds - observed.result.elapsed_seconds
    enough = left >= observed.result.elapsed_seconds
    return limits.model_copy(update={"wall_seconds": left}) if enough else None


def worth_repeating(observed: Observed, found: TestReport) -> bool:
    """Whether the run is believed, with tests that failed: they might be flaky."""
    return (
        found.verdict is Verdict.FAILED
        and believed(observed)
        and not found.limits_hit
        and not found.diagnostics
        and found.failed > 0
    )


def believed(observed: Observed) -> bool:
    """Whether the run came to its end, and nobody meddled with what it tells."""
    outcome = observed.outcome
    return outcome.closed and outcome.genuine and not outcome.tampered


def known_language(language: Language | str | None) -> Language | None:
    if language is None:
        return None
    try:
        return Language(language)
    except ValueError as error:
        known = ", ".join(Language)
        raise QtestError(f"Tests cannot be run in {language!r}; known are: {known}.") from error


def report(
    observed: Observed, runner: str, environment: Environment, limits: Limits, started: float
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
        reason=printable(reason),
        runner=runner,
        language=environment.language,
        executed=passed + failed + errors,
        passed=passed,
        failed=failed,
        errors=errors,
        skipped=counts[CaseOutcome.SKIPPED] + counts[CaseOutcome.XFAILED],
        cases=tuple(map(harmless, outcome.cases)),
        coverage=outcome.coverage,
        sandbox=result.tier,
        limits_hit=result.limits_hit,
        elapsed_seconds=round(time.monotonic() - started, 3),
        output=tail(f"{result.stdout}\n{result.stderr}"),
        languages=(environment.language,),
        diagnostics=outcome.diagnostics,
        notes=environment.notes,
    )


def harmless(case: TestCase) -> TestCase:
    """The same case with a name and a place that may be printed: the project chose them."""
    name, path = printable(case.name), printable(case.path)
    if (name, path) == (case.name, case.path):
        return case
    return case.model_copy(update={"name": name, "path": path})


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
        verdict=verdict,
        reason=reason,
        runner=runner,
        language=language,
        elapsed_seconds=elapsed,
        languages=(language,) if language else (),
    )
