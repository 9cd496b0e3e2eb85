"""The tester at work: it writes the tests that are missing, then runs all of them."""

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.qlayer import SourceFile, SourceTree
    from quantumlayer.worker.climber.activities import ClimberActivities
    from quantumlayer.worker.declarer.activities import DeclarerActivities
    from quantumlayer.worker.generate_capsule.children import all_of
    from quantumlayer.worker.generator.activities import GeneratorActivities
    from quantumlayer.worker.nouns import (
        Climbed,
        ClimbTask,
        Declared,
        DeclareTask,
        FileTask,
        PlannedItem,
        Tested,
        TestsToWrite,
        TidyTask,
        TreeTask,
    )
    from quantumlayer.worker.policies import COMPUTE, MODEL
    from quantumlayer.worker.tester.activities import TesterActivities
    from quantumlayer.worker.tidier.activities import TidierActivities

_CLIMBS = "climbs what is delivered"


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
        # Nothing is scheduled for a model that writes canonically, nor in runs older than this.
        if task.scope.untidy:
            tree = await self._tidied(task, tree)
        if not task.scope.chooses_packages:
            return await self._tried(task, tree)
        # After the fixes, which take imports away that nothing uses.
        declared = await self._declared(task, tree)
        planned = task.model_copy(update={"blueprint": declared.blueprint})
        tested = await self._tried(planned, declared.tree)
        return tested.model_copy(update={"blueprint": declared.blueprint})

    async def _tidied(self, task: TestsToWrite, tree: SourceTree) -> SourceTree:
        """The tree after safe fixes and a formatter: what they mend, no model is asked to."""
        tidied = await workflow.execute_activity_method(
            TidierActivities.tidy_tree,
            TidyTask(
                scope=task.scope,
                blueprint=task.blueprint,
                tree=tree,
                round_number=task.round_number,
            ),
            summary="safe fixes, then the formatter",
            **COMPUTE,
        )
        return tidied.tree

    async def _declared(self, task: TestsToWrite, tree: SourceTree) -> Declared:
        """The tree and its plan with the packages that it imports and that may be added."""
        return await workflow.execute_activity_method(
            DeclarerActivities.declare_imports,
            DeclareTask(
                scope=task.scope,
                requirements=task.requirements,
                blueprint=task.blueprint,
                tree=tree,
                round_number=task.round_number,
            ),
            summary="packages that are imported and not declared",
            **COMPUTE,
        )

    async def _tried(self, task: TestsToWrite, tree: SourceTree) -> Tested:
        """What the tests say, and what starting it as delivered says, at the same time.

        So one round of repair is shown both, and the climb takes the core that tests leave idle.
        """
        testing = asyncio.create_task(self._test(task, tree))
        # Runs that were in flight when this step was new go on as they began.
        if not workflow.patched(_CLIMBS):
            return await testing
        climbing = asyncio.create_task(self._climb(task, tree))
        await all_of([testing, climbing])
        return testing.result().model_copy(update={"delivery": climbing.result().delivery})

    async def _test(self, task: TestsToWrite, tree: SourceTree) -> Tested:
        return await workflow.execute_activity_method(
            TesterActivities.run_all_tests,
            TreeTask(scope=task.scope, tree=tree, round_number=task.round_number),
            summary="run every test in the sandbox",
            **COMPUTE,
        )

    async def _climb(self, task: TestsToWrite, tree: SourceTree) -> Climbed:
        return await workflow.execute_activity_method(
            ClimberActivities.climb,
            ClimbTask(
                scope=task.scope,
                blueprint=task.blueprint,
                tree=tree,
                round_number=task.round_number,
                requirements=task.requirements,
            ),
            summary="build, start, probe, stop, start again",
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
