"""What a revision does to the outside world before anybody changes code."""

from temporalio import activity

from quantumlayer.agents import (
    SAMPLES,
    Existing,
    Present,
    PromptRefused,
    analyse_change,
    expected_characters,
)
from quantumlayer.core.events import EventType
from quantumlayer.manifests import FilesInMemory
from quantumlayer.qlayer import FileRole, SourceFile, SourceTree
from quantumlayer.qlayer.requirements import Requirements, RequirementsChange
from quantumlayer.qlayer.revision.base import Base
from quantumlayer.qlayer.revision.comparing import baseline_of
from quantumlayer.qlayer.revision.kept_tests import named_in
from quantumlayer.qlayer.revision.planning import TestPlan, plan_tests, revised_blueprint
from quantumlayer.qlayer.stacks import fitting
from quantumlayer.qtest import TestReport
from quantumlayer.worker.code_map import map_of
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import agent_finished, agent_started, prompt_refused
from quantumlayer.worker.nouns import PlannedItem, Scope, TreeTask, Understood
from quantumlayer.worker.reviser.nouns import (
    BaselineTested,
    Before,
    RevisionPlanned,
    RevisionTask,
)
from quantumlayer.worker.reviser.telling import (
    planned,
    tell_base,
    tell_baseline,
    tell_change,
)
from quantumlayer.worker.runtime import Runtime, show_files
from quantumlayer.worker.tester.dependencies import refused_dependencies
from quantumlayer.worker.validator.activities import read_files
from quantumlayer.worker.workspace import laid_out

_MAP_TOKENS = 3_000
_BASELINE = "baseline"


class ReviserActivities:
    """Understanding a change, testing what exists, and planning what of it is touched."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def understand_change(self, scope: Scope) -> Understood:
        """Base and sentence → requirements as they are to be, and what of them is different."""
        runtime = self._runtime
        async with step():
            await agent_started(runtime, scope, "analyst", "change")
            run = await runtime.recorder.load(scope.organisation_id, scope.run_id)
            base = await runtime.fetch(scope.base or "", Base)
            conversation = runtime.conversation(scope)
            try:
                requirements, change = await analyse_change(
                    conversation, await self._shown(base), run.prompt
                )
            except PromptRefused as refusal:
                async with agent_finished(
                    runtime, scope, "analyst", "change", conversation
                ) as recording:
                    await prompt_refused(recording, refusal)
                raise
            address = await runtime.keep(requirements)
            async with agent_finished(
                runtime, scope, "analyst", "change", conversation
            ) as recording:
                recording.run.title = requirements.title
                recording.run.requirements_object = address
                await tell_change(recording, requirements, change)
            return Understood(
                requirements=address, title=requirements.title, change=await runtime.keep(change)
            )

    @activity.defn
    async def test_baseline(self, scope: Scope) -> BaselineTested:
        """The tests and the findings of what exists, before anybody changes it; stored and told."""
        runtime = self._runtime
        async with step(runtime.room):
            await agent_started(runtime, scope, "tester", _BASELINE)
            base = await runtime.fetch(scope.base or "", Base)
            async with runtime.recorder.recording(scope.organisation_id, scope.run_id) as recording:
                await show_files(recording, base.tree.files)
                await tell_base(recording, base)
            report = await self._tested(scope, base.tree)
            findings: tuple[object, ...] = ()
            if base.is_imported:
                findings, _ = await read_files(runtime, scope, base.tree, None)
            baseline = baseline_of(report)
            before = Before.model_validate({"baseline": baseline, "findings": findings})
            address = await runtime.keep(before)
            async with agent_finished(runtime, scope, "tester", _BASELINE) as recording:
                await tell_baseline(recording, baseline, report)
            return BaselineTested(before=address)

    @activity.defn
    async def plan_revision(self, task: RevisionTask) -> RevisionPlanned:
        """What of the tree the change touches → its plan, and what those see who write tests."""
        runtime, scope = self._runtime, task.scope
        async with step():
            base = await runtime.fetch(scope.base or "", Base)
            change = await runtime.fetch(scope.change or "", RequirementsChange)
            requirements = await runtime.fetch(task.requirements, Requirements)
            texts = await runtime.texts(base.tree.addresses())
            tests = {path: texts[path] for path in _tests(base.tree) if path in texts}
            plan = plan_tests(base.language, tests, base.tree.addresses(), change)
            tree = _reduced(base.tree, requirements, plan)
            blueprint = revised_blueprint(base, requirements, plan, tree.addresses())
            fit = fitting(FilesInMemory({path: text.encode() for path, text in texts.items()}))
            sources = {path: text for path, text in texts.items() if path not in tests}
            present = Present(
                change=change,
                signatures=await map_of(self._runtime, sources, budget=_MAP_TOKENS),
                examples={path: tests[path] for path in plan.examples},
                before={file.path: tests[file.path] for file in plan.rewritten},
                rules=fit[0].rules if fit else "",
                sample=SAMPLES[base.language],
            )
            address = await runtime.keep(blueprint)
            async with runtime.recorder.recording(scope.organisation_id, scope.run_id) as recording:
                recording.run.blueprint_object = address
                await recording.keep_files([file.path for file in tree.files])
                await recording.tell(
                    "blueprint.ready", EventType.BLUEPRINT_READY, planned(blueprint, plan)
                )
            return RevisionPlanned(
                blueprint=address,
                items=tuple(
                    PlannedItem(
                        path=file.path,
                        role=file.role,
                        depends_on=(),
                        agent=file.agent,
                        characters=max(expected_characters(file), len(tests.get(file.path, ""))),
                    )
                    for file in plan.files
                ),
                tree=tree,
                present=await runtime.keep(present),
            )

    async def _shown(self, base: Base) -> Existing:
        """What the analyst sees: code only where there are no requirements."""
        texts = await self._runtime.texts(base.tree.addresses())
        tests = _tests(base.tree)
        named = named_in(texts[path] for path in tests if path in texts)
        if base.requirements is not None:
            return Existing(base=base, named=named)
        sources = {path: text for path, text in texts.items() if path not in tests}
        return Existing(
            base=base,
            code_map=await map_of(self._runtime, sources, budget=_MAP_TOKENS),
            named=named,
        )

    async def _tested(self, scope: Scope, tree: SourceTree) -> TestReport:
        task = TreeTask(scope=scope, tree=tree, round_number=0)
        refused = await refused_dependencies(self._runtime, task)
        if refused is not None:
            return refused
        async with laid_out(self._runtime, tree) as folder:
            return (await self._runtime.tests_of(scope)(folder)).report


def _tests(tree: SourceTree) -> frozenset[str]:
    return frozenset(file.path for file in tree.files if file.role is FileRole.TEST)


def _reduced(tree: SourceTree, requirements: Requirements, plan: TestPlan) -> SourceTree:
    """The tree without tests that go, and without ids of what is asked for no longer."""
    known = {one.id for one in requirements.items}
    files = (_naming(file, known) for file in tree.files if file.path not in plan.gone)
    return SourceTree(files=tuple(files))


def _naming(file: SourceFile, known: set[str]) -> SourceFile:
    kept = tuple(one for one in file.requirements if one in known)
    return file if kept == file.requirements else file.model_copy(update={"requirements": kept})
