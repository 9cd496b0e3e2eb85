"""What the architect does to the outside world when it writes interfaces and has them compiled."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from temporalio import activity

from quantumlayer.agents import (
    Conversation,
    Setting,
    is_unwritten,
    mend_interfaces,
    write_interfaces,
)
from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import Recording
from quantumlayer.qlayer import Blueprint, PlannedFile, SourceFile, SourceTree
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import named, stack
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import agent_finished, agent_started, file_written
from quantumlayer.worker.nouns import (
    MendTask,
    Scope,
    SkeletonFiles,
    SkeletonTask,
    TypeCheckTask,
    TypesChecked,
)
from quantumlayer.worker.runtime import Runtime, show_files
from quantumlayer.worker.workspace import lay_out

ARCHITECT = "architect"


class SkeletonActivities:
    """The architect's effects in writing interfaces."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def write_skeleton(self, task: SkeletonTask) -> SkeletonFiles:
        """Some planned files → their interfaces, stored and told."""
        scope, item = task.scope, f"skeleton-{task.batch}"
        async with step():
            await agent_started(self._runtime, scope, ARCHITECT, item)
            setting = await self._setting(task)
            planned = {file.path: file for file in setting.blueprint.files}
            conversation = self._runtime.conversation(scope)
            answer = await write_interfaces(
                conversation,
                setting,
                [planned[path] for path in task.paths],
                await self._runtime.texts(task.tree.addresses()),
                task.batch,
            )
            written = await self._kept(answer.files, planned)
            return await self._told(scope, item, conversation, written)

    @activity.defn
    async def mend_skeleton(self, task: MendTask) -> SkeletonFiles:
        """Complaints of the type checker → interfaces written anew, stored and told."""
        scope, item = task.scope, f"skeleton-mended-{task.round_number}"
        async with step():
            await agent_started(self._runtime, scope, ARCHITECT, item)
            setting = await self._setting(task)
            conversation = self._runtime.conversation(scope)
            answer = await mend_interfaces(
                conversation,
                setting,
                await self._runtime.texts(task.tree.addresses()),
                task.complaints,
                task.round_number,
            )
            planned = {file.path: file for file in setting.blueprint.files}
            written = await self._kept(answer.files, planned)
            return await self._told(scope, item, conversation, written)

    async def _told(
        self, scope: Scope, item: str, conversation: Conversation, written: SkeletonFiles
    ) -> SkeletonFiles:
        """The files, once they are shown and the architect's step is told to be over."""
        async with agent_finished(self._runtime, scope, ARCHITECT, item, conversation) as recording:
            await _tell(recording, written)
        return written

    @activity.defn
    async def check_skeleton(self, task: TypeCheckTask) -> TypesChecked:
        """A tree → what the type checker of its stack says of it, told."""
        scope = task.scope
        async with step(self._runtime.room):
            blueprint = await self._runtime.fetch(task.blueprint, Blueprint)
            own = named(stack(blueprint.stack), blueprint.name)
            with tempfile.TemporaryDirectory(prefix="quantumlayer-") as folder:
                await lay_out(self._runtime, task.tree, Path(folder))
                seen = await self._runtime.check_types(Path(folder), own)
            async with self._runtime.recorder.recording(
                scope.organisation_id, scope.run_id
            ) as recording:
                await recording.tell(
                    f"skeleton.checked/{task.round_number}",
                    EventType.SKELETON_CHECKED,
                    {
                        "round": task.round_number,
                        "files": task.interfaces,
                        "complaints": list(seen.complaints),
                        "unknown": seen.unknown,
                    },
                )
            return TypesChecked(complaints=seen.complaints, unknown=seen.unknown)

    async def _setting(self, task: SkeletonTask | MendTask) -> Setting:
        blueprint = await self._runtime.fetch(task.blueprint, Blueprint)
        return Setting(
            requirements=await self._runtime.fetch(task.requirements, Requirements),
            blueprint=blueprint,
            stack=named(stack(blueprint.stack), blueprint.name),
        )

    async def _kept(
        self, texts: Mapping[str, str], planned: Mapping[str, PlannedFile]
    ) -> SkeletonFiles:
        files: list[SourceFile] = []
        for path, text in texts.items():
            file = planned[path]
            files.append(
                await self._runtime.keep_file(path, text, file.role, ARCHITECT, file.requirements)
            )
        return SkeletonFiles(
            files=tuple(SourceTree().replacing(files).files),
            unwritten=tuple(path for path, text in sorted(texts.items()) if is_unwritten(text)),
        )


async def _tell(recording: Recording, written: SkeletonFiles) -> None:
    """Shows the interfaces, and says of those in which nothing is missing that they are written."""
    await show_files(recording, written.files)
    for file in written.files:
        if file.path in written.unwritten:
            continue
        recording.run.first_file_at = recording.run.first_file_at or now()
        await file_written(recording, file)
