"""What generators, and the tester as a writer, do to the outside world."""

import sys
from collections.abc import Mapping, Sequence
from functools import partial

from temporalio import activity
from temporalio.exceptions import ApplicationError

from quantumlayer.agents import (
    Conversation,
    Drafts,
    Present,
    Project,
    RefusedDraft,
    draft,
    outline,
    planned_but_missing,
    promised_but_missing,
)
from quantumlayer.agents.memory import Examples
from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import Recording
from quantumlayer.parser import FileAnalysis, SourceText
from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile, SourceFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.revision.kept_tests import lost_tests
from quantumlayer.worker.errors import step
from quantumlayer.worker.generator.nouns import Drafted, DraftNotes, DraftTask, Refusals
from quantumlayer.worker.narration import agent_finished, agent_started, file_written
from quantumlayer.worker.nouns import FileTask
from quantumlayer.worker.runtime import Runtime, show_files

_ATTEMPTS = (1, 2, 3)


class GeneratorActivities:
    """Writing files."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def write_drafts(self, task: DraftTask) -> Drafted:
        """Planned files → contents past the gate, stored and told; and what was refused."""
        async with step():
            return await self._drafted(task)

    @activity.defn
    async def write_source_file(self, task: FileTask) -> SourceFile:
        """One planned file → its content: a step of runs from before files came in batches."""
        async with step():
            drafted = await self._drafted(
                DraftTask(
                    scope=task.scope,
                    requirements=task.requirements,
                    blueprint=task.blueprint,
                    paths=(task.path,),
                    attempts=_ATTEMPTS,
                    last=True,
                )
            )
            if not drafted.files:
                said = f"{task.path} could not be had"
                raise ApplicationError(said, type="FileNotWritten", non_retryable=True)
            return drafted.files[0]

    async def _drafted(self, task: DraftTask) -> Drafted:
        blueprint = await self._runtime.fetch(task.blueprint, Blueprint)
        planned = {file.path: file for file in blueprint.files}
        files = [planned[path] for path in task.paths]
        agent = "tester" if files[0].role is FileRole.TEST else "generator"
        item = _item(task)
        await agent_started(self._runtime, task.scope, agent, item)
        project = Project(
            requirements=await self._runtime.fetch(task.requirements, Requirements),
            blueprint=blueprint,
            skeleton=await self._runtime.texts(task.skeleton),
            present=await self._runtime.fetch_if_any(task.present, Present),
            examples=await self._runtime.fetch_if_any(task.examples, Examples),
        )
        conversation = self._runtime.conversation(task.scope)
        drafts = await self._tried(task, conversation, project, files)
        written = {
            path: await self._runtime.keep_file(
                path, content, planned[path].role, agent, planned[path].requirements
            )
            for path, content in drafts.files.items()
        }
        analyses = await self._read(drafts.files)
        refusals = await self._kept(drafts.refused)
        notes = DraftNotes(paths=task.paths, notes=drafts.notes)
        noted = await self._runtime.keep(notes) if drafts.notes else None
        async with agent_finished(
            self._runtime, task.scope, agent, item, conversation
        ) as recording:
            await show_files(recording, written.values())
            for path, file in written.items():
                await _tell_written(recording, file, analyses[path])
            if task.last:
                for path, refused in drafts.refused.items():
                    await _tell_missing(recording, planned[path], refused)
            await _tell_notes(recording, notes)
        return Drafted(
            files=tuple(written.values()),
            refused=tuple(drafts.refused),
            refusals=refusals,
            notes=noted,
        )

    async def _tried(
        self,
        task: DraftTask,
        conversation: Conversation,
        project: Project,
        files: Sequence[PlannedFile],
    ) -> Drafts:
        """All that the attempts give; of what is refused in the end the latest content is kept."""
        before = {
            path: refused
            for address in task.refusals
            for path, refused in (await self._runtime.fetch(address, Refusals)).files.items()
        }
        so_far = Drafts(refused={file.path: before.get(file.path, _NOTHING) for file in files})
        for attempt in task.attempts:
            left = [file for file in files if file.path in so_far.refused]
            if not left:
                break
            later = await draft(
                conversation,
                project,
                left,
                refused=before if attempt == task.attempts[0] else so_far.refused,
                gate=partial(self._problems, project),
                max_bytes=task.scope.limits.file_bytes,
                attempt=attempt,
            )
            so_far = so_far.then(later)
        return so_far.settled() if task.last else so_far

    async def _kept(self, refused: Mapping[str, RefusedDraft]) -> str | None:
        return await self._runtime.keep(Refusals(files=dict(refused))) if refused else None

    async def _read(self, texts: Mapping[str, str]) -> dict[str, FileAnalysis]:
        sources = [SourceText(path=path, content=content) for path, content in texts.items()]
        # What is generated runs on the Python that tests it.
        analyses = await self._runtime.parser.analyze(sources, python=sys.version_info[:2])
        return {analysis.path: analysis for analysis in analyses}

    async def _problems(self, project: Project, file: PlannedFile, content: str) -> list[str]:
        """What a compiler says of a file, or else what was promised of it and is missing."""
        analysis = (await self._read({file.path: content}))[file.path]
        problems = [
            f"{file.path}:{error.line}:{error.column}: {error.message}\n{error.excerpt}"
            for error in analysis.syntax.mendable
        ]
        problems += stays_of(project, file.path, content)
        found = outline(content, analysis)
        interface = project.skeleton.get(file.path)
        if problems or interface is None:
            return problems or planned_but_missing(file, found)
        promised = (await self._read({file.path: interface}))[file.path]
        return promised_but_missing(file.path, outline(interface, promised), found)


def stays_of(project: Project, path: str, content: str) -> list[str]:
    """What of a test file that is written anew has to stay letter by letter, and does not."""
    present = project.present
    before = present.before.get(path) if present else None
    if present is None or before is None:
        return []
    lost = lost_tests(before, content, present.change.touched)
    return [f"{path}: this test is of what stays, so keep it letter by letter: {head}"
            for head in lost]  # fmt: skip


_NOTHING = RefusedDraft(content=None, problems=())


def _item(task: DraftTask) -> str:
    """What the agent works on, as a run's story tells it."""
    first, *others = task.paths
    again = ", again" if task.attempts[0] > 1 else ""
    return f"{first} and {len(others)} more{again}" if others else f"{first}{again}"


async def _tell_written(recording: Recording, file: SourceFile, analysis: FileAnalysis) -> None:
    recording.run.first_file_at = recording.run.first_file_at or now()
    syntax = analysis.syntax
    await file_written(recording, file, tier=syntax.tier.value, syntaxErrors=len(syntax.errors))


async def _tell_missing(recording: Recording, file: PlannedFile, refused: RefusedDraft) -> None:
    await recording.tell(
        f"file.missing/{file.path}",
        EventType.FILE_MISSING,
        {"path": file.path, "role": file.role.value, "problems": list(refused.problems)},
    )


async def _tell_notes(recording: Recording, said: DraftNotes) -> None:
    for number, note in enumerate(said.notes):
        await recording.tell(
            f"file.noted/{said.paths[0]}/{number}/{note.path}",
            EventType.FILE_NOTED,
            {"path": note.path, "note": note.text, "by": list(said.paths)},
        )
