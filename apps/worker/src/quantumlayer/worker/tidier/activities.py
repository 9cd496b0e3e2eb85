"""What the tidier does to the outside world: it runs the stack's fixers on what a model wrote."""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from temporalio import activity

from quantumlayer.core.events import EventType
from quantumlayer.parser import FileAnalysis, SourceText, linter_program
from quantumlayer.qlayer import Blueprint, SourceFile, SourceTree
from quantumlayer.qlayer.tidying import Tools, goes_too_far, may_be_tidied, tools_for
from quantumlayer.qtest.tidying import Tidied, TidiedFile, Tidying
from quantumlayer.worker.errors import step
from quantumlayer.worker.nouns import TidiedTree, TidyTask, TreeTask
from quantumlayer.worker.runtime import Runtime, show_files
from quantumlayer.worker.tester.dependencies import refused_dependencies
from quantumlayer.worker.workspace import lay_out

REFUSED = "Nothing was installed: the project declares packages that cannot be trusted."
TOO_FAR = "The fixes of {path} were not taken: they go too far."


@dataclass(frozen=True)
class Sources:
    """A tree as it is read: its files' bytes, and what the parser says of them."""

    tree: SourceTree
    contents: Mapping[str, bytes]
    analyses: Mapping[str, FileAnalysis]


class TidierActivities:
    """The tidier's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def tidy_tree(self, task: TidyTask) -> TidiedTree:
        """The tree with its files fixed and formatted, stored and told.

        Tried again, it makes the same of it. Whatever goes wrong leaves files as they are.
        """
        async with step(self._runtime.room):
            sources = await self._read(task.tree)
            blueprint = await self._runtime.fetch(task.blueprint, Blueprint)
            tools = tools_for(sources.contents, blueprint)
            paths = may_be_tidied(task.tree, tools, sources.analyses.values()) if tools else ()
            if tools is None or not tools.commands or not paths:
                return TidiedTree(tree=task.tree)
            done = await self._tidied(task, sources, tools, paths)
            files = [await self._keep(task.tree, one) for one in done.files]
            scope = task.scope
            async with self._runtime.recorder.recording(
                scope.organisation_id, scope.run_id
            ) as recording:
                await show_files(recording, files)
                await recording.tell(
                    f"files.tidied/{task.round_number}",
                    EventType.FILES_TIDIED,
                    {
                        "round": task.round_number,
                        "files": [{"path": one.path, "tools": one.tools} for one in done.files],
                        "notes": done.notes,
                    },
                )
            return TidiedTree(tree=task.tree.replacing(files))

    async def _read(self, tree: SourceTree) -> Sources:
        contents = {file.path: await self._runtime.objects.get(file.sha256) for file in tree.files}
        return Sources(tree, contents, await self._analysed(contents))

    async def _analysed(self, contents: Mapping[str, bytes]) -> dict[str, FileAnalysis]:
        texts = [SourceText(path=path, content=content) for path, content in contents.items()]
        # What is generated runs on the Python that tests it.
        found = await self._runtime.parser.analyze(texts, python=sys.version_info[:2])
        return {one.path: one for one in found}

    async def _tidied(
        self, task: TidyTask, sources: Sources, tools: Tools, paths: tuple[str, ...]
    ) -> Tidied:
        """What the tools made of the files, less what goes too far: that is only formatted."""
        declared = TreeTask(scope=task.scope, tree=task.tree, round_number=task.round_number)
        refused = await refused_dependencies(self._runtime, declared) is not None
        asked = Tidying(
            language=tools.language,
            commands=tools.commands,
            paths=paths,
            programs=await asyncio.to_thread(_programs),
            installing=not refused,
        )
        folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="quantumlayer-")
        try:
            project = Path(folder.name)
            await lay_out(self._runtime, sources.tree, project)
            all_done = await self._runtime.tidy(project, asked)
            fixed, left = await self._within_bounds(sources, all_done)
            only = asked.model_copy(update={"commands": tools.formats, "paths": left})
            again = await self._runtime.tidy(project, only) if left else Tidied()
            formatted, _ = await self._within_bounds(sources, again)
        finally:
            await asyncio.to_thread(folder.cleanup)
        notes = [*([REFUSED] if refused else []), *all_done.notes, *again.notes]
        notes += (TOO_FAR.format(path=path) for path in left)
        return Tidied(
            files=tuple(sorted((*fixed, *formatted), key=lambda one: one.path)),
            notes=tuple(dict.fromkeys(notes)),
        )

    async def _within_bounds(
        self, sources: Sources, done: Tidied
    ) -> tuple[list[TidiedFile], tuple[str, ...]]:
        """The changes that may be kept, and the paths of those that may not."""
        after = await self._analysed({one.path: one.content for one in done.files})
        tree = list(sources.analyses.values())
        left = tuple(
            one.path
            for one in done.files
            if not _is_text(one.content)
            or goes_too_far(sources.analyses[one.path], after[one.path], tree)
        )
        return [one for one in done.files if one.path not in left], left

    async def _keep(self, tree: SourceTree, done: TidiedFile) -> SourceFile:
        """Who wrote a file stays its origin: no tool adds anything of its own."""
        before = tree.find(done.path)
        if before is None:
            raise LookupError(f"{done.path} is not in the tree")
        return await self._runtime.keep_file(
            before.path, done.content.decode(), before.role, before.origin, before.requirements
        )


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _programs() -> dict[str, Path]:
    found = linter_program()
    return {found.name: found} if found else {}
