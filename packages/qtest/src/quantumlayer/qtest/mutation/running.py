"""Measuring what tests notice: mutations of a project, tried in one sandboxed session."""

import asyncio
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qtest.environments import Environment, Language, prepare_environment
from quantumlayer.qtest.errors import DependencyError, SandboxUnavailable, ToolMissing
from quantumlayer.qtest.model import CaseOutcome, Limits, TestReport, Verdict
from quantumlayer.qtest.mutation.constants import names_of_others
from quantumlayer.qtest.mutation.model import MutationExtent, MutationReport
from quantumlayer.qtest.mutation.operators import Mutation, mutations_of
from quantumlayer.qtest.mutation.reporting import counted, mutant_of, sentence, trouble
from quantumlayer.qtest.mutation.selecting import Chosen, TestChoice, in_order
from quantumlayer.qtest.mutation.sources import libraries_of, python_sources
from quantumlayer.qtest.runners.payloads import PAYLOADS, signed_records
from quantumlayer.qtest.runners.pytest_options import kept_options
from quantumlayer.qtest.runners.pytest_runner import OPTIONS, source_folders
from quantumlayer.qtest.runners.records import Records, number
from quantumlayer.qtest.runners.traces import Traces
from quantumlayer.qtest.sandbox import WORKSPACE, Sandbox, SandboxResult, probe_sandbox
from quantumlayer.qtest.testing import TracedReport, run_traced_tests

SESSION = PAYLOADS / "mutation_session.py"
MOST_LANES = 4
# Beyond what a test took without a change; the processor's time is counted, so load is no reason.
PATIENCE_SECONDS = 0.5
PATIENCE_FACTOR = 5.0
SLACK_SECONDS = 30.0


async def measure_mutation(
    project: Path,
    *,
    cache: Path,
    extent: MutationExtent | None = None,
    tested: TracedReport | None = None,
    limits: Limits | None = None,
    sandbox: Sandbox | None = None,
) -> MutationReport:
    """Change the project's code in small ways, one at a time, and see whether its tests notice.

    The project is copied and never changed. `tested` is what `run_traced_tests` found of it; else
    that is run first. Python only: for other projects, and whenever something is in the way, the
    report has no score and says why. Raises QtestError for a path that is no folder.
    """
    started = time.monotonic()
    bounds = limits or Limits()
    known = tested or await run_traced_tests(project, cache=cache, limits=bounds, sandbox=sandbox)
    traces = known.traces.get(Language.PYTHON)
    if known.report.verdict is not Verdict.PASSED:
        return unmeasured(
            f"The tests did not pass ({known.report.verdict}), so what they notice means nothing.",
            started,
        )
    if traces is None:
        return unmeasured(not_offered(known.report), started)
    try:
        box = await asyncio.to_thread(probe_sandbox) if sandbox is None else sandbox
        environment = await prepare_environment(project, Language.PYTHON, cache)
        work = await asyncio.to_thread(
            Work.of, project, known.report, traces, extent or MutationExtent(), bounds
        )
        result, records = await work.run(box, environment)
    except (DependencyError, SandboxUnavailable, ToolMissing) as error:
        return unmeasured(str(error), started)
    return work.report(result, records, started)


def not_offered(report: TestReport) -> str:
    if Language.PYTHON not in report.languages:
        return f"Mutation testing is offered for Python, not yet for {report.language}."
    return "The test run could not say which test runs which line."


def unmeasured(reason: str, started: float) -> MutationReport:
    return MutationReport(reason=reason, elapsed_seconds=round(time.monotonic() - started, 3))


@dataclass(frozen=True)
class Work:
    """What is to be tried in a project."""

    project: Path
    mutations: Sequence[Mutation]
    chosen: Sequence[tuple[Mutation, Chosen | None]]
    seconds_of: Mapping[str, float]
    modules: tuple[str, ...]
    extent: MutationExtent
    limits: Limits

    @classmethod
    def of(
        cls,
        project: Path,
        report: TestReport,
        traces: Traces,
        extent: MutationExtent,
        limits: Limits,
    ) -> "Work":
        """Read the sources and choose."""
        sources = dict(python_sources(project))
        own = [entry.path for entry in report.coverage.files] if report.coverage else []
        taken = {path: names_of_others(content) for path, content in sources.items()}
        mutations = [
            mutation
            for path in own
            if path in sources
            for mutation in mutations_of(
                path,
                sources[path],
                {name for other, names in taken.items() if other != path for name in names},
            )
        ]
        seconds_of = {
            f"{case.path}::{case.name}": case.duration_seconds
            for case in report.cases
            if case.outcome is CaseOutcome.PASSED
        }
        choice = TestChoice(
            [name for name in seconds_of if name in traces.contexts], traces, mutations
        )
        chosen = [
            (mutation, choice.near(mutation, extent.tests_each))
            for mutation in in_order(mutations)[: extent.mutants]
        ]
        modules = tuple(libraries_of(sources))
        return cls(project, mutations, chosen, seconds_of, modules, extent, limits)

    async def run(
        self, sandbox: Sandbox, environment: Environment
    ) -> tuple[SandboxResult, Records]:
        """Try everything in one session."""
        seconds = self.extent.seconds + SLACK_SECONDS
        return await signed_records(
            sandbox,
            [
                *(str(environment.executable), "-I", str(SESSION), str(WORKSPACE)),
                *source_folders(self.project),
            ],
            project=self.project,
            mounts=environment.mounts,
            variables={
                "PATH": f"{environment.executable.parent}:/usr/bin:/bin",
                "VIRTUAL_ENV": str(environment.executable.parent.parent),
            },
            limits=self.limits.model_copy(
                update={"wall_seconds": seconds, "cpu_seconds": int(seconds * lanes()) + 1}
            ),
            plan=json.dumps(self.plan()).encode(),
        )

    def plan(self) -> dict[str, object]:
        """What the session has to do; see there."""
        return {
            "modules": self.modules,
            "arguments": [
                *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
                *OPTIONS,
                *kept_options(self.project),
            ],
            "lanes": lanes(),
            "seconds": self.extent.seconds,
            "control_seconds": PATIENCE_FACTOR * (5 + sum(self.seconds_of.values())),
            "jobs": [
                self.job(number, chosen)
                for number, (_, chosen) in enumerate(self.chosen)
                if chosen is not None
            ],
        }

    def job(self, number: int, chosen: Chosen) -> dict[str, object]:
        mutation = chosen.mutation
        patience = [PATIENCE_SECONDS + PATIENCE_FACTOR * self.seconds_of[n] for n in chosen.tests]
        # The first one pays for what the tests share; in the whole run another one did.
        patience[0] += PATIENCE_FACTOR * max(self.seconds_of.values())
        return {
            "id": number,
            "path": mutation.path,
            "start": mutation.start,
            "end": mutation.end,
            "line": mutation.line,
            "replacement": mutation.replacement,
            "place": chosen.place,
            "tests": chosen.tests,
            "patience": patience,
            "wall_seconds": 10 + 3 * sum(patience),
        }

    def report(self, result: SandboxResult, records: Records, started: float) -> MutationReport:
        """The score, or why there is none."""
        problem = trouble(result, records)
        if problem:
            return unmeasured(problem, started)
        found = {int(number(record, "id")): record for record in records.named("mutant")}
        mutants = [
            mutant_of(mutation, chosen, found.get(n))
            for n, (mutation, chosen) in enumerate(self.chosen)
            if chosen is None or n in found
        ]
        return MutationReport(
            **counted(mutants),
            reason=sentence(mutants, len(self.chosen)),
            candidates=len(self.mutations),
            skipped=len(self.chosen) - len(mutants),
            mutants=tuple(mutants),
            unreliable=tuple(map(str, records.named("finished")[-1].get("unreliable", ()))),
            sandbox=result.tier,
            elapsed_seconds=round(time.monotonic() - started, 3),
        )


def lanes() -> int:
    return max(1, min(MOST_LANES, os.cpu_count() or 1))
