"""What the integrator does to the outside world: it asks the model, and uses tools for it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from temporalio import activity

from quantumlayer.agents.integrator import (
    Call,
    Observation,
    Project,
    Refused,
    Task,
    Transcript,
    calls_in,
    grouped,
    observed,
    opening,
    take_turn,
    verified,
    wants_to_finish,
)
from quantumlayer.core.events import EventType
from quantumlayer.manifests import FilesInMemory
from quantumlayer.parser.discovery import is_text
from quantumlayer.qlayer import Blueprint, SourceTree
from quantumlayer.qlayer.quality import Review
from quantumlayer.qlayer.requirements import Requirements, RequirementsChange
from quantumlayer.qlayer.revision.base import Base
from quantumlayer.qlayer.stacks import Stack, fitting, named, stack
from quantumlayer.qtest import TestReport, Verdict
from quantumlayer.worker.code_map import map_of
from quantumlayer.worker.errors import step
from quantumlayer.worker.evidence import problems_of, problems_of_notes, problems_of_remarks, unread
from quantumlayer.worker.generator.nouns import DraftNotes
from quantumlayer.worker.integrator.bench import Bench, bench_of, frozen_tests
from quantumlayer.worker.integrator.nouns import (
    AnswerTask,
    Closing,
    IntegratorTask,
    Opened,
    ToolsTask,
    ToolsUsed,
    TurnTaken,
    TurnTask,
)
from quantumlayer.worker.integrator.telling import tell_of_turn
from quantumlayer.worker.integrator.tools import use
from quantumlayer.worker.integrator.transcripts import fetch_transcript, keep_transcript
from quantumlayer.worker.narration import agent_finished, agent_started, model_calls
from quantumlayer.worker.nouns import Scope, Verified
from quantumlayer.worker.reviser.nouns import Before
from quantumlayer.worker.runtime import Runtime, show_files
from quantumlayer.worker.validator.activities import Validation

_AGENT, _ITEM = "integrator", "tree"
# Of one turn's calls; the activity has more, for what is under way then.
_TURN_SECONDS = 420.0


class IntegratorActivities:
    """The integrator's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def open_loop(self, task: IntegratorTask) -> Opened:
        """Stores the tree, and what the model is told first."""
        runtime, scope, tree = self._runtime, task.scope, task.before.tree
        async with step():
            await agent_started(runtime, scope, _AGENT, task.name or _ITEM)
            contents = {file.path: await runtime.objects.get(file.sha256) for file in tree.files}
            texts = {
                path: data.decode(errors="replace")
                for path, data in contents.items()
                if is_text(data)
            }
            problems = await self._problems(task.before, task.notes, task.review)
            blueprint = await runtime.fetch(task.blueprint, Blueprint)
            project = Project(
                requirements=await runtime.fetch(task.requirements, Requirements),
                blueprint=blueprint,
                texts=texts,
                tests=frozen_tests(tree),
                problems=problems,
                unread=unread(tree),
                rules=_rules(blueprint, contents),
                code_map=await map_of(runtime, texts, [problems]),
                task=await self._asked(scope),
            )
            profile = await runtime.router.profile(scope.model)
            messages = opening(
                project,
                native=profile.tools,
                steps=scope.limits.integrator_steps,
                verifications=scope.limits.repair_rounds - task.round_number,
            )
            return Opened(
                tree=await runtime.keep(tree),
                transcript=await keep_transcript(
                    runtime, Transcript(opening=messages, name=task.name)
                ),
            )

    @activity.defn
    async def take_turn(self, task: TurnTask) -> TurnTaken:
        """The transcript with the model's next turn, which is paid for once, whoever dies."""
        runtime, scope = self._runtime, task.scope
        async with step():
            transcript = await fetch_transcript(runtime, task.transcript)
            profile = await runtime.router.profile(scope.model)
            conversation = runtime.conversation(scope)
            taken = await take_turn(conversation, transcript, profile)
            address = await keep_transcript(runtime, taken)
            async with runtime.recorder.recording(scope.organisation_id, scope.run_id) as told:
                await model_calls(told, conversation, f"{_AGENT}/{taken.key}")
            return TurnTaken(transcript=address)

    @activity.defn
    async def use_tools(self, task: ToolsTask) -> ToolsUsed:
        """Makes the calls of the last turn: the same calls on the same tree give the same tree."""
        runtime = self._runtime
        async with step(runtime.room):
            transcript = await fetch_transcript(runtime, task.transcript)
            bench = await bench_of(
                runtime,
                task.scope,
                await runtime.fetch(task.tree, SourceTree),
                await runtime.fetch(task.requirements, Requirements),
                await runtime.fetch(task.blueprint, Blueprint),
            )
            bench.plan, bench.failing = transcript.plan, transcript.failing
            calls = calls_in(transcript.last) if transcript.last else ()
            observations = await _made(bench, calls, task.steps_left)
            left = max(0, task.steps_left - max(1, len(calls)))
            after = observed(
                transcript.model_copy(update={"plan": bench.plan, "failing": dict(bench.failing)}),
                calls,
                observations,
                steps_left=left,
            )
            finishes = wants_to_finish(calls)
            used = ToolsUsed(
                transcript=await keep_transcript(runtime, after),
                tree=await runtime.keep(bench.tree),
                steps=after.steps,
                changed=bool(bench.changed),
                finishes=finishes,
                stopped=after.stopped,
                whole=bench.tree if finishes or after.stopped or left == 0 else None,
            )
            await tell_of_turn(bench, after, calls, observations)
            return used

    @activity.defn
    async def answer_finish(self, task: AnswerTask) -> Opened:
        """The transcript with why the wish to finish was not granted, and the tree as it is now."""
        runtime = self._runtime
        async with step():
            transcript = await fetch_transcript(runtime, task.transcript)
            before = await runtime.fetch(task.tree, SourceTree)
            told = [
                f"Not granted: {task.verified.validated.verdict.value}.",
                await self._problems(task.verified),
                _tidied(before, task.verified.tree),
                f"You may ask {task.verifications_left} more times.",
            ]
            answered = verified(transcript, "\n\n".join(filter(None, told)))
            return Opened(
                tree=await runtime.keep(task.verified.tree),
                transcript=await keep_transcript(runtime, answered),
            )

    @activity.defn
    async def close_loop(self, task: Closing) -> None:
        """Shows the tree that is kept, and tells how the loop ended."""
        runtime, scope = self._runtime, task.scope
        item = task.name or _ITEM
        async with step(), agent_finished(runtime, scope, _AGENT, item) as recording:
            await recording.keep_files([file.path for file in task.tree.files])
            await show_files(recording, task.tree.files)
            await recording.tell(
                "/".join(filter(None, ("integration.finished", task.name))),
                EventType.INTEGRATION_FINISHED,
                {
                    "granted": task.granted,
                    "steps": task.steps,
                    "verifications": task.verifications,
                    "reason": task.reason,
                },
            )

    async def _asked(self, scope: Scope) -> Task | None:
        """What is to be different; None where all was written anew."""
        runtime = self._runtime
        base = await runtime.fetch_if_any(scope.base, Base)
        change = await runtime.fetch_if_any(scope.change, RequirementsChange)
        if base is None or change is None:
            return None
        run = await runtime.recorder.load(scope.organisation_id, scope.run_id)
        before = await runtime.fetch_if_any(scope.before, Before)
        return Task(
            sentence=run.prompt,
            change=change,
            by_hand=base.edits.paths,
            failing=before.baseline.failing if before else (),
        )

    async def _problems(
        self, found: Verified, notes: Iterable[str] = (), review: str | None = None
    ) -> str:
        said = [await self._runtime.fetch(address, DraftNotes) for address in notes]
        validation = await self._runtime.fetch(found.validated.validation, Validation)
        report = await self._runtime.fetch(found.tested.report, TestReport)
        reasons = () if validation.verdict is Verdict.PASSED else validation.reasons
        problems = problems_of(validation.findings, report, validation.delivery, reasons)
        for one in said:
            problems += problems_of_notes(one.paths, one.notes)
        read = await self._runtime.fetch_if_any(review, Review)
        problems += problems_of_remarks(read.remarks if read else ())
        return grouped(problems)


async def _made(
    bench: Bench, calls: Sequence[Call | Refused], steps_left: int
) -> list[Observation]:
    """What came of each call, one after another, as far as there are steps and time."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + _TURN_SECONDS
    observations = []
    for place, call in enumerate(calls):
        made = call
        if place >= steps_left:
            made = Refused(call.tool, "no step is left", call.id)
        elif loop.time() > ends:
            made = Refused(call.tool, "this turn has taken too long; call it again", call.id)
        observations.append(await use(bench, made))
    return observations


def _rules(blueprint: Blueprint, contents: Mapping[str, bytes]) -> str:
    """The house rules of the stack that is planned, or else of that which the tree fits best."""
    if blueprint.stack:
        return _rules_of(named(stack(blueprint.stack), blueprint.name))
    fit = fitting(FilesInMemory(contents))
    return _rules_of(fit[0]) if fit else ""


def _rules_of(one: Stack) -> str:
    """Its house rules, and which of its tests the loop's tools leave to the ladder."""
    if not one.tests.browser:
        return one.rules
    return f"{one.rules}\n- Tests in `{one.tests.browser}` run when you ask to finish, not before."


def _tidied(before: SourceTree, after: SourceTree) -> str:
    """Which files the platform's fixers changed: the model knows them as they were."""
    known = before.addresses()
    changed = [path for path, sha256 in after.addresses().items() if known.get(path) != sha256]
    return f"Fixed and formatted meanwhile: {', '.join(changed)}." if changed else ""
