"""What the repairer does to the outside world."""

from collections.abc import Mapping

from temporalio import activity

from quantumlayer.agents import (
    Evidence,
    Outline,
    Project,
    Tree,
    outline,
    repair,
    strengthen,
)
from quantumlayer.core.events import EventType
from quantumlayer.parser import SourceText
from quantumlayer.qlayer import Blueprint, FileRole, SourceFile, SourceTree
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import MutationReport, TestReport
from quantumlayer.worker.code_map import map_of
from quantumlayer.worker.errors import step
from quantumlayer.worker.evidence import (
    blocking_problems,
    delivery_problems,
    test_problems,
    unnoticed_changes,
)
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import Repaired, RepairTask
from quantumlayer.worker.parse_gate import ParseGate
from quantumlayer.worker.runtime import Runtime, show_files
from quantumlayer.worker.validator.activities import Validation


class RepairerActivities:
    """The repairer's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._gate = ParseGate(runtime.parser)

    @activity.defn
    async def repair_tree(self, task: RepairTask) -> Repaired:
        """Failures with their evidence → the tree with some files changed.

        A step of runs that were in flight when the integrator was new.
        """
        scope, item = task.scope, f"round-{task.round_number}"
        async with step():
            await agent_started(self._runtime, scope, "repairer", item)
            validation = await self._runtime.fetch(task.validation, Validation)
            report = await self._runtime.fetch(task.report, TestReport)
            problems = [
                *blocking_problems(validation.findings),
                *test_problems(report),
                *delivery_problems(validation.delivery),
                *validation.reasons,
            ]
            tree = await self._tree(task)
            conversation = self._runtime.conversation(scope)
            changed = await repair(
                conversation,
                await self._runtime.fetch(task.requirements, Requirements),
                tree=tree,
                evidence=Evidence(problems, await map_of(self._runtime, tree.texts, problems)),
                round_number=task.round_number,
                again=task.again,
            )
            removed = [path for path, content in changed.items() if content is None]
            files = [
                await self._keep(task.tree, path, content, "repairer")
                for path, content in changed.items()
                if content is not None
            ]
            async with agent_finished(
                self._runtime, scope, "repairer", item, conversation
            ) as recording:
                await show_files(recording, files)
                await recording.remove_files(removed)
                await recording.tell(
                    f"repair.finished/{item}",
                    EventType.REPAIR_FINISHED,
                    {
                        "round": task.round_number,
                        "problems": len(problems),
                        "files": sorted(changed),
                    },
                )
            return Repaired(tree=task.tree.without(removed).replacing(files), changed=len(changed))

    @activity.defn
    async def strengthen_tests(self, task: RepairTask) -> Repaired:
        """Changes that no test noticed → the tree with better tests.

        A task that names no plan began before this was asked for by edits; its tests are good
        enough to pass, and stay.
        """
        scope, item = task.scope, f"tests-{task.round_number}"
        if task.blueprint is None or task.mutation is None:
            return Repaired(tree=task.tree, changed=0)
        async with step():
            await agent_started(self._runtime, scope, "tester", item)
            conversation = self._runtime.conversation(scope)
            report = await self._runtime.fetch(task.mutation, MutationReport)
            changed = await strengthen(
                conversation,
                Project(
                    requirements=await self._runtime.fetch(task.requirements, Requirements),
                    blueprint=await self._runtime.fetch(task.blueprint, Blueprint),
                    skeleton=await self._runtime.texts(task.skeleton),
                ),
                tree=await self._tree(task),
                unnoticed=unnoticed_changes(report, task.tree),
                round_number=task.round_number,
            )
            files = [
                await self._keep(task.tree, path, content, "tester")
                for path, content in changed.items()
            ]
            async with agent_finished(
                self._runtime, scope, "tester", item, conversation
            ) as recording:
                await show_files(recording, files)
            return Repaired(tree=task.tree.replacing(files), changed=len(files))

    async def _tree(self, task: RepairTask) -> Tree:
        texts = await self._runtime.texts(task.tree.addresses())
        tests = frozenset(file.path for file in task.tree.files if file.role is FileRole.TEST)
        return Tree(texts, tests & texts.keys(), self._outlines, self._gate)

    async def _outlines(self, texts: Mapping[str, str]) -> dict[str, Outline]:
        sources = [SourceText(path=path, content=content) for path, content in texts.items()]
        analyses = await self._runtime.parser.analyze(sources)
        return {one.path: outline(texts[one.path], one) for one in analyses}

    async def _keep(self, tree: SourceTree, path: str, content: str, agent: str) -> SourceFile:
        before = tree.find(path)
        return await self._runtime.keep_file(
            path,
            content,
            before.role if before else FileRole.SOURCE,
            agent,
            before.requirements if before else (),
        )
