"""What the repairer does to the outside world."""

from collections.abc import Mapping, Sequence

from temporalio import activity

from quantumlayer.agents import Evidence, Outline, Tree, outline, repair, strengthen
from quantumlayer.core.events import EventType
from quantumlayer.parser import SourceText, source_map
from quantumlayer.qlayer import FileRole, SourceFile, SourceTree
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import MutationReport, TestReport
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

MAP_TOKENS = 1_000
# What has keys and headings, and nothing that is called.
NO_CODE = frozenset({"json", "yaml", "toml", "xml", "markdown", "dockerfile"})


class RepairerActivities:
    """The repairer's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._gate = ParseGate(runtime.parser)

    @activity.defn
    async def repair_tree(self, task: RepairTask) -> Repaired:
        """Failures with their evidence → the tree with some files changed."""
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
            texts = await self._runtime.texts(task.tree.addresses())
            conversation = self._runtime.conversation(scope)
            changed = await repair(
                conversation,
                await self._runtime.fetch(task.requirements, Requirements),
                tree=Tree(texts, _tests(task.tree), self._outlines, self._gate),
                evidence=Evidence(problems, await map_of(self._runtime, texts, problems)),
                round_number=task.round_number,
                again=task.again,
            )
            removed = [path for path, content in changed.items() if content is None]
            files = [
                await self._keep(task.tree, path, content)
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
        """Changes that no test noticed → the tree with better tests."""
        scope, item = task.scope, f"tests-{task.round_number}"
        async with step():
            await agent_started(self._runtime, scope, "tester", item)
            conversation = self._runtime.conversation(scope)
            report = await self._runtime.fetch(task.mutation or "", MutationReport)
            changed = await strengthen(
                conversation,
                await self._runtime.fetch(task.requirements, Requirements),
                tree=Tree(
                    await self._runtime.texts(task.tree.addresses()),
                    _tests(task.tree),
                    self._outlines,
                    self._gate,
                ),
                unnoticed=unnoticed_changes(report),
                round_number=task.round_number,
            )
            files = [
                await self._keep(task.tree, path, content, FileRole.TEST)
                for path, content in changed.items()
                if content is not None
            ]
            async with agent_finished(
                self._runtime, scope, "tester", item, conversation
            ) as recording:
                await show_files(recording, files)
            return Repaired(tree=task.tree.replacing(files), changed=len(files))

    async def _outlines(self, texts: Mapping[str, str]) -> dict[str, Outline]:
        sources = [SourceText(path=path, content=content) for path, content in texts.items()]
        analyses = await self._runtime.parser.analyze(sources)
        return {one.path: outline(texts[one.path], one) for one in analyses}

    async def _keep(
        self, tree: SourceTree, path: str, content: str, role: FileRole = FileRole.SOURCE
    ) -> SourceFile:
        before = tree.find(path)
        return await self._runtime.keep_file(
            path,
            content,
            before.role if before else role,
            "repairer" if role is FileRole.SOURCE else "tester",
            before.requirements if before else (),
        )


async def map_of(
    runtime: Runtime,
    texts: Mapping[str, str],
    problems: Sequence[str] = (),
    budget: int = MAP_TOKENS,
) -> str:
    """The code's most important symbols, those near what the problems name first."""
    sources = [SourceText(path=path, content=content) for path, content in texts.items()]
    evidence = "\n".join(problems)
    named = [path for path in texts if path in evidence]
    code = [one for one in await runtime.parser.analyze(sources) if one.language not in NO_CODE]
    return source_map(code, texts, budget=budget, focus=named)


def _tests(tree: SourceTree) -> frozenset[str]:
    return frozenset(file.path for file in tree.files if file.role is FileRole.TEST)
