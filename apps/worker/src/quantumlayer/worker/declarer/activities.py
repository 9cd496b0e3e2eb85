"""What the declarer does to the outside world: it asks registries, locks anew, and tells of it."""

import sys
from collections.abc import Mapping

from temporalio import activity

from quantumlayer.core.events import EventType
from quantumlayer.parser import SourceText, WantedPackage
from quantumlayer.qlayer import Blueprint, SourceFile, SourceTree
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.worker.declarer.supplying import Project, Supply, supply
from quantumlayer.worker.errors import step
from quantumlayer.worker.nouns import Declared, DeclareTask
from quantumlayer.worker.runtime import Runtime, show_files


class DeclarerActivities:
    """The declarer's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def declare_imports(self, task: DeclareTask) -> Declared:
        """The tree and its plan with the packages that files import and nobody named.

        Locks, manifests and the other delivery files are made to match, stored and told.
        """
        async with step():
            supplied = await self._supplied(task)
            files = await self._kept(task.tree, supplied.files or {})
            blueprint = task.blueprint
            if supplied.added:
                blueprint = await self._runtime.keep(supplied.blueprint)
            scope = task.scope
            async with self._runtime.recorder.recording(
                scope.organisation_id, scope.run_id
            ) as recording:
                # Always, as a run may have gone back to what it was before a repair.
                recording.run.blueprint_object = blueprint
                await show_files(recording, files)
                if supplied.added or supplied.left:
                    await recording.tell(
                        f"dependencies.added/{task.round_number}",
                        EventType.DEPENDENCIES_ADDED,
                        {"round": task.round_number, **_told(supplied)},
                    )
            return Declared(blueprint=blueprint, tree=task.tree.replacing(files))

    async def _supplied(self, task: DeclareTask) -> Supply:
        runtime = self._runtime
        blueprint = await runtime.fetch(task.blueprint, Blueprint)
        registries = runtime.registries_for(task.scope)
        if registries is None:
            return Supply(blueprint)
        texts = await runtime.texts(task.tree.addresses())
        sources = [SourceText(path=path, content=content) for path, content in texts.items()]
        project = Project(
            tree=task.tree,
            texts=texts,
            # What is generated runs on the Python that tests it.
            analyses=await runtime.parser.analyze(sources, python=sys.version_info[:2]),
            requirements=await runtime.fetch(task.requirements, Requirements),
            blueprint=blueprint,
        )
        return await supply(project, registries, runtime.resolve)

    async def _kept(self, tree: SourceTree, changed: Mapping[str, str]) -> list[SourceFile]:
        """Who wrote a manifest stays its origin: it says what its author's code imports."""
        files = []
        for path, text in sorted(changed.items()):
            before = tree.find(path)
            if before is None:
                raise LookupError(f"{path} is not in the tree")
            files.append(
                await self._runtime.keep_file(
                    path, text, before.role, before.origin, before.requirements
                )
            )
        return files


def _told(supplied: Supply) -> dict[str, object]:
    return {
        "added": [_package(one) for one in supplied.added],
        "left": [{**_package(one), "reason": reason} for one, reason in supplied.left],
    }


def _package(one: WantedPackage) -> dict[str, object]:
    return {
        "name": one.name,
        "ecosystem": one.ecosystem.value,
        "module": one.module,
        "files": list(one.paths),
    }
