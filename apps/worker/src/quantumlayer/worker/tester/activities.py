"""What the tester does to the outside world: it runs every test in the sandbox."""

import tempfile
from pathlib import Path

from temporalio import activity

from quantumlayer.agents import failure_signature
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import TestRow
from quantumlayer.qtest import TestReport, Verdict
from quantumlayer.worker.errors import step
from quantumlayer.worker.evidence import test_problems
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import Tested, TreeTask
from quantumlayer.worker.runtime import Runtime
from quantumlayer.worker.tester.dependencies import refused_dependencies
from quantumlayer.worker.workspace import lay_out


class TesterActivities:
    """Running tests."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def run_all_tests(self, task: TreeTask) -> Tested:
        """Source tree → test report, stored and told."""
        scope, item = task.scope, f"run-{task.round_number}"
        async with step():
            await agent_started(self._runtime, scope, "tester", item)
            report = await refused_dependencies(self._runtime, task) or await self._run(task)
            address = await self._runtime.keep(report)
            async with agent_finished(self._runtime, scope, "tester", item) as recording:
                recording.run.test_report_object = address
                await recording.replace_tests(_rows(report))
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
            return Tested(
                report=address,
                verdict=report.verdict,
                signature=_signature(report),
                tree=task.tree,
            )

    async def _run(self, task: TreeTask) -> TestReport:
        with tempfile.TemporaryDirectory(prefix="quantumlayer-") as folder:
            await lay_out(self._runtime, task.tree, Path(folder))
            return await self._runtime.run_tests(Path(folder))


def _rows(report: TestReport) -> list[TestRow]:
    return [
        TestRow(
            name=case.name,
            path=case.path,
            line=case.line,
            outcome=case.outcome.value,
            message=case.message,
            duration_seconds=case.duration_seconds,
        )
        for case in report.cases
    ]


def _signature(report: TestReport) -> str:
    return "" if report.verdict is Verdict.PASSED else failure_signature(test_problems(report))
