"""Writing the planned files, and meanwhile what delivers them."""

import asyncio

from temporalio import workflow

from quantumlayer.qlayer import SourceFile
from quantumlayer.worker.generate_capsule.children import all_of, child, slug
from quantumlayer.worker.generate_capsule.drafting import draft_all
from quantumlayer.worker.generate_capsule.work import Work
from quantumlayer.worker.generator.workflow import Generator
from quantumlayer.worker.nouns import DeliveryTask, FileTask, PlannedItem
from quantumlayer.worker.packager.activities import PackagerActivities
from quantumlayer.worker.policies import COMPUTE

_DRAFTS = "drafts in batches"


async def write_files(work: Work) -> None:
    """Adds the planned files to the tree, and what delivers them."""
    delivery = asyncio.create_task(_delivery_files(work))
    # Runs that were in flight when drafts were new go on as they began: tests come later.
    write = draft_all if workflow.patched(_DRAFTS) else _write_one_by_one
    await all_of([asyncio.create_task(write(work)), delivery])


async def _write_one_by_one(work: Work) -> None:
    """A generator a file, as soon as what it leans on is there; no tests."""
    sources = work.planned(tests=False)
    work.tell(f"Generators write {len(sources)} files.")
    limit = asyncio.Semaphore(work.scope.limits.parallel_agents)
    writing: dict[str, asyncio.Task[SourceFile]] = {}

    async def write(item: PlannedItem) -> SourceFile:
        needed = [writing[path] for path in item.depends_on if path in writing]
        written = {file.path: file.sha256 for file in await asyncio.gather(*needed)}
        async with limit:
            file = await _generated(work, item, written)
        work.tree = work.tree.replacing([file])
        return file

    for item in sources:
        writing[item.path] = asyncio.create_task(write(item))
    # Where one file fails, the others would only spend for a run that has ended.
    await all_of(writing.values())


async def _generated(work: Work, item: PlannedItem, written: dict[str, str]) -> SourceFile:
    return await child(
        Generator.run,
        FileTask(
            scope=work.scope,
            requirements=work.requirements,
            blueprint=work.blueprint,
            path=item.path,
            written=written,
        ),
        f"generator/{slug(item.path)}",
        SourceFile,
        summary=item.path,
    )


async def _delivery_files(work: Work) -> None:
    delivered = await workflow.execute_activity_method(
        PackagerActivities.write_delivery_files,
        DeliveryTask(scope=work.scope, requirements=work.requirements, blueprint=work.blueprint),
        summary="lock, Dockerfile, manifests",
        **COMPUTE,
    )
    work.tree = work.tree.replacing(delivered.files)
