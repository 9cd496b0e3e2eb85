"""What a generator, or the tester as a writer, does to the outside world."""

from temporalio import activity

from quantumlayer.agents import outline, planned_but_missing, write_file
from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.parser import FileAnalysis, SourceText
from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile, SourceFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import FileTask
from quantumlayer.worker.runtime import Runtime, show_files


class GeneratorActivities:
    """Writing one file."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def write_source_file(self, task: FileTask) -> SourceFile:
        """Planned file → content past the gate of syntax, stored, checked and told."""
        scope = task.scope
        async with step():
            blueprint = await self._runtime.fetch(task.blueprint, Blueprint)
            file = next(file for file in blueprint.files if file.path == task.path)
            agent = "tester" if file.role is FileRole.TEST else "generator"
            await agent_started(self._runtime, scope, agent, file.path)
            conversation = self._runtime.conversation(scope)
            content = await write_file(
                conversation,
                await self._runtime.fetch(task.requirements, Requirements),
                blueprint,
                file,
                written=await self._runtime.texts(task.written),
                gate=self._problems,
                max_bytes=scope.limits.file_bytes,
            )
            written = await self._runtime.keep_file(
                file.path, content, file.role, agent, file.requirements
            )
            syntax = (await self._read(file.path, content)).syntax
            async with agent_finished(
                self._runtime, scope, agent, file.path, conversation
            ) as recording:
                await show_files(recording, [written])
                recording.run.first_file_at = recording.run.first_file_at or now()
                await recording.tell(
                    f"file.written/{file.path}",
                    EventType.FILE_WRITTEN,
                    {
                        "path": file.path,
                        "size": written.size,
                        "role": file.role.value,
                        "origin": agent,
                        "tier": syntax.tier.value,
                        "syntaxErrors": len(syntax.errors),
                    },
                )
            return written

    async def _read(self, path: str, content: str) -> FileAnalysis:
        (analysis,) = await self._runtime.parser.analyze([SourceText(path=path, content=content)])
        return analysis

    async def _problems(self, file: PlannedFile, content: str) -> list[str]:
        """What a compiler says of the file, or else what was planned of it and is missing."""
        analysis = await self._read(file.path, content)
        problems = [
            f"{file.path}:{error.line}:{error.column}: {error.message}\n{error.excerpt}"
            for error in analysis.syntax.problems
        ]
        return problems or planned_but_missing(file, outline(content, analysis))
