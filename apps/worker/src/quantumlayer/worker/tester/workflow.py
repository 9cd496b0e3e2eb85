"""The tester at work: it writes the tests that are missing, then runs all of them."""

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.qlayer import SourceFile
    from quantumlayer.worker.generator.activities import GeneratorActivities
    from quantumlayer.worker.nouns import FileTask, PlannedItem, Tested, TestsToWrite, TreeTask
    from quantumlayer.worker.policies import COMPUTE, MODEL
    from quantumlayer.worker.tester.activities import TesterActivities


@workflow.defn
class Tester:
    """Source tree → tests and their report."""

    @workflow.run
    async def run(self, task: TestsToWrite) -> Tested:
        """The report on the tree with its tests, and that tree."""
        tree = task.tree
        for wave in task.waves:
            tree = tree.replacing(
                await asyncio.gather(*(self._write(task, tree.addresses(), item) for item in wave))
            )
        return await workflow.execute_activity_method(
            TesterActivities.run_all_tests,
            TreeTask(scope=task.scope, tree=tree, round_number=task.round_number),
            summary="run every test in the sandbox",
            **COMPUTE,
        )

    async def _write(
        self, task: TestsToWrite, known: dict[str, str], item: PlannedItem
    ) -> SourceFile:
        return await workflow.execute_activity_method(
            GeneratorActivities.write_source_file,
            FileTask(
                scope=task.scope,
                requirements=task.requirements,
                blueprint=task.blueprint,
                path=item.path,
                written={path: known[path] for path in item.depends_on if path in known},
            ),
            summary=item.path,
            **MODEL,
        )
