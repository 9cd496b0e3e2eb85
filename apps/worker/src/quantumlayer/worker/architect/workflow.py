"""The architect at work on one run."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.qlayer import FileRole, SourceTree
    from quantumlayer.worker.architect.activities import ArchitectActivities
    from quantumlayer.worker.architect.skeleton_activities import SkeletonActivities
    from quantumlayer.worker.nouns import (
        ArchitectTask,
        Designed,
        MendTask,
        PlannedItem,
        SkeletonFiles,
        SkeletonTask,
        TypeCheckTask,
        TypesChecked,
    )
    from quantumlayer.worker.policies import COMPUTE, MODEL

# How many interfaces one answer holds, and how often what does not compile is given back.
_AT_ONCE, _ROUNDS = 8, 2
_WITHOUT_INTERFACE = (FileRole.TEST, FileRole.DOCUMENTATION)


@workflow.defn
class Architect:
    """Requirements → blueprint, and on a stack the interfaces of what it plans."""

    @workflow.run
    async def run(self, task: ArchitectTask) -> Designed:
        """The files to write, the order in which they lean on each other, and their interfaces."""
        designed: Designed = await workflow.execute_activity_method(
            ArchitectActivities.design_blueprint,
            task,
            summary="requirements → blueprint",
            **MODEL,
        )
        if not designed.stack or designed.starter is None:
            return designed
        return await Skeleton(task, designed, designed.starter).made()


class Skeleton:
    """The interfaces of one plan on their way: written in batches, compiled, mended."""

    def __init__(self, task: ArchitectTask, designed: Designed, starter: SourceTree) -> None:
        """Nothing is written yet."""
        self._task = task
        self._designed = designed
        self._starter = starter
        self._tree = SourceTree()
        self._unwritten: set[str] = set()

    async def made(self) -> Designed:
        """The design with its interfaces, and what is left of the complaints."""
        for batch, items in enumerate(self._batches(), start=1):
            self._take(await self._written(items, batch))
        left = await self._compiled()
        return self._designed.model_copy(
            update={
                "skeleton": self._tree,
                "items": tuple(
                    item.model_copy(update={"whole": self._is_whole(item)})
                    for item in self._designed.items
                ),
                "complaints": left,
            }
        )

    def _batches(self) -> list[tuple[PlannedItem, ...]]:
        items = [item for item in self._designed.items if item.role not in _WITHOUT_INTERFACE]
        return [tuple(items[first : first + _AT_ONCE]) for first in range(0, len(items), _AT_ONCE)]

    def _take(self, written: SkeletonFiles) -> None:
        self._tree = self._tree.replacing(written.files)
        self._unwritten -= {file.path for file in written.files}
        self._unwritten |= set(written.unwritten)

    def _is_whole(self, item: PlannedItem) -> bool:
        return self._tree.find(item.path) is not None and item.path not in self._unwritten

    async def _compiled(self) -> tuple[str, ...]:
        """Has what does not compile mended; what is complained about in the end."""
        for round_number in range(_ROUNDS + 1):
            seen = await self._checked(round_number)
            if seen.unknown:
                return (f"Types were not checked: {seen.unknown}",)
            if not seen.complaints or round_number == _ROUNDS:
                break
            self._take(await self._mended(seen.complaints, round_number + 1))
        return seen.complaints

    async def _written(self, items: tuple[PlannedItem, ...], batch: int) -> SkeletonFiles:
        return await workflow.execute_activity_method(
            SkeletonActivities.write_skeleton,
            SkeletonTask(
                scope=self._task.scope,
                requirements=self._task.requirements,
                blueprint=self._designed.blueprint,
                paths=tuple(item.path for item in items),
                tree=self._tree,
                batch=batch,
            ),
            summary=f"interfaces: {items[0].path} and {len(items) - 1} more",
            **MODEL,
        )

    async def _checked(self, round_number: int) -> TypesChecked:
        return await workflow.execute_activity_method(
            SkeletonActivities.check_skeleton,
            TypeCheckTask(
                scope=self._task.scope,
                blueprint=self._designed.blueprint,
                tree=self._starter.replacing(self._tree.files),
                interfaces=len(self._tree.files),
                round_number=round_number,
            ),
            summary="compile the interfaces",
            **COMPUTE,
        )

    async def _mended(self, complaints: tuple[str, ...], round_number: int) -> SkeletonFiles:
        return await workflow.execute_activity_method(
            SkeletonActivities.mend_skeleton,
            MendTask(
                scope=self._task.scope,
                requirements=self._task.requirements,
                blueprint=self._designed.blueprint,
                tree=self._tree,
                complaints=complaints,
                round_number=round_number,
            ),
            summary=f"{len(complaints)} complaints, round {round_number}",
            **MODEL,
        )
