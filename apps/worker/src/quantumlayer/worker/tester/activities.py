"""What the tester does to the outside world: it runs every test in the sandbox."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio import activity

from quantumlayer.agents import failure_signature
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import Recording
from quantumlayer.qlayer import SourceTree
from quantumlayer.qlayer.quality import QualityPolicy
from quantumlayer.qtest import MutationReport, TestReport, TracedReport, Verdict
from quantumlayer.worker.errors import step
from quantumlayer.worker.evidence import test_problems, unnoticed_changes
from quantumlayer.worker.narration import agent_finished, agent_started, rows_of_tests
from quantumlayer.worker.nouns import Scope, Tested, TreeTask
from quantumlayer.worker.runtime import Runtime
from quantumlayer.worker.tester.dependencies import answered_for, refused_dependencies
from quantumlayer.worker.workspace import lay_out


class TesterActivities:
    """Running tests."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def run_all_tests(self, task: TreeTask) -> Tested:
        """Source tree → test report, stored and told."""
        scope, item = task.scope, f"run-{task.round_number}"
        async with step(self._runtime.room):
            await agent_started(self._runtime, scope, "tester", item)
            report, address, mutation = await self._tested(task)
            async with agent_finished(self._runtime, scope, "tester", item) as recording:
                if mutation is not None:
                    await _tell_mutation(recording, mutation, task.round_number)
            return Tested(
                report=address,
                mutation=await self._runtime.keep(mutation) if mutation else None,
                weak=_is_weak(mutation, task.tree) and self._may_strengthen(scope),
                noticed=_noticed(mutation) if mutation else None,
                verdict=report.verdict,
                signature=_signature(report),
                tree=task.tree,
            )

    async def _tested(self, task: TreeTask) -> tuple[TestReport, str, MutationReport | None]:
        """The report, its address, and what the tests notice where all of them passed."""
        refused = await refused_dependencies(self._runtime, task)
        if refused is not None:
            return refused, await self._tell_tests(task, refused), None
        with tempfile.TemporaryDirectory(prefix="quantumlayer-") as folder:
            await lay_out(self._runtime, task.tree, Path(folder))
            async with self._testing(Path(folder), task.scope) as (testing, measuring):
                report = (await testing).report
                if self._runtime.traits(task.scope.model).chooses_packages:
                    report = answered_for(report)
                address = await self._tell_tests(task, report)
                passed = report.verdict is Verdict.PASSED
                return report, address, await measuring if passed else None

    def _may_strengthen(self, scope: Scope) -> bool:
        """Tests of what stays are frozen, so those of a version that is changed are left alone."""
        return scope.base is None and self._runtime.traits(scope.model).repairs

    @asynccontextmanager
    async def _testing(
        self, project: Path, scope: Scope
    ) -> AsyncIterator[tuple[asyncio.Future[TracedReport], asyncio.Future[MutationReport | None]]]:
        """The tests, and what they notice: that gets ready while they run. None outlives this."""
        testing = asyncio.ensure_future(self._runtime.tests_of(scope)(project))
        measure = _unmeasured if scope.imported else self._runtime.measure_mutation
        measuring = asyncio.ensure_future(measure(project, testing))
        try:
            yield testing, measuring
        finally:
            for each in (testing, measuring):
                each.cancel()
            await asyncio.gather(testing, measuring, return_exceptions=True)

    async def _tell_tests(self, task: TreeTask, report: TestReport) -> str:
        """Stores the report and says how the tests ended, before anything else is measured."""
        scope = task.scope
        address = await self._runtime.keep(report)
        async with self._runtime.recorder.recording(
            scope.organisation_id, scope.run_id
        ) as recording:
            recording.run.test_report_object = address
            await recording.replace_tests(rows_of_tests(report))
            await recording.tell(
                f"tests.finished/{task.round_number}",
                EventType.TESTS_FINISHED,
                {
                    "verdict": report.verdict.value,
                    "reason": report.reason,
                    "executed": report.executed,
                    "passed": report.passed,
                    "failed": report.failed,
                    "errors": report.errors,
                    "skipped": report.skipped,
                    "coverage": report.coverage.lines_percent if report.coverage else None,
                    "sandbox": report.sandbox,
                    "round": task.round_number,
                },
            )
        return address


async def _unmeasured(_project: Path, _tested: asyncio.Future[TracedReport]) -> None:
    """Nothing: which test runs which line of somebody else's project is not found out."""
    return


async def _tell_mutation(recording: Recording, report: MutationReport, round_number: int) -> None:
    await recording.tell(
        f"mutation.measured/{round_number}",
        EventType.MUTATION_MEASURED,
        {
            "score": report.score,
            "reason": report.reason,
            "tried": report.tried,
            "noticed": _noticed(report),
            "unnoticed": report.survived + report.not_covered,
            "round": round_number,
        },
    )


def _noticed(report: MutationReport) -> int:
    return report.killed + report.timed_out


def _is_weak(report: MutationReport | None, tree: SourceTree) -> bool:
    """Whether too little is noticed, and somebody could do something about it."""
    if report is None or report.score is None:
        return False
    wanted = QualityPolicy().wanted_mutation_score
    return report.score < wanted and bool(unnoticed_changes(report, tree))


def _signature(report: TestReport) -> str:
    return "" if report.verdict is Verdict.PASSED else failure_signature(test_problems(report))
