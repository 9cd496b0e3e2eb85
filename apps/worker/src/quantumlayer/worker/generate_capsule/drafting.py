"""Drafting all planned files in three waves at most, none of them shown another's body.

One batch goes ahead, so that the provider keeps what all of them begin with; then all others at
once, the tests among them; then what was refused or did not come. A file that cannot be had does
not end the run: it is told, and left to be mended; until then nothing passes.
"""

import asyncio
from collections.abc import Iterable, Sequence

from quantumlayer.worker.generate_capsule.batches import Batch, batches, writer
from quantumlayer.worker.generate_capsule.children import all_of, child, slug
from quantumlayer.worker.generate_capsule.work import Work, known
from quantumlayer.worker.generator.nouns import Drafted, DraftTask
from quantumlayer.worker.generator.workflow import Generator

_FIRST, _AGAIN = (1,), (2, 3)


async def draft_all(work: Work) -> None:
    """Adds all planned files to the tree that nobody has written yet."""
    work.drafted = True
    items = [item for item in known(work.designed).items if not item.whole]
    planned = batches(items)
    if not planned:
        return
    work.tell(f"{len(items)} files are drafted in {len(planned)} batches.")
    drafting = Drafting(work)
    ahead, *others = planned
    await drafting.wave([ahead], _FIRST)
    await drafting.wave(others, _FIRST)
    refused = [item for item in items if item.path in drafting.refused]
    if refused:
        work.tell(f"{len(refused)} drafts are asked for again.")
        await drafting.wave(batches(refused), _AGAIN)
    if drafting.refused:
        work.tell(f"Left to be mended: {', '.join(sorted(drafting.refused))}.")


class Drafting:
    """The drafts of one run; `refused` are the paths that may not pass as they came."""

    def __init__(self, work: Work) -> None:
        """Nothing is drafted yet."""
        self.refused: set[str] = set()
        self._work = work
        self._refusals: dict[str, str] = {}
        self._limit = asyncio.Semaphore(work.scope.limits.parallel_agents)
        self._present = known(work.designed).present
        self._skeleton = work.interfaces

    async def wave(self, planned: Sequence[Batch], attempts: tuple[int, ...]) -> None:
        """Has all batches written, as many at once as the run may have agents."""
        # Where one ends the run, the others would only spend for it.
        await all_of(asyncio.create_task(self._write(batch, attempts)) for batch in planned)

    async def _write(self, batch: Batch, attempts: tuple[int, ...]) -> None:
        async with self._limit:
            drafted = await self._drafted(batch, attempts)
        self._work.tree = self._work.tree.replacing(drafted.files)
        self.refused -= {file.path for file in drafted.files}
        self.refused |= set(drafted.refused)
        if drafted.refusals is not None:
            self._refusals |= dict.fromkeys(drafted.refused, drafted.refusals)
        if drafted.notes is not None:
            self._work.notes.append(drafted.notes)

    async def _drafted(self, batch: Batch, attempts: tuple[int, ...]) -> Drafted:
        work, paths = self._work, tuple(item.path for item in batch)
        again = "" if attempts == _FIRST else "-again"
        return await child(
            Generator.run,
            DraftTask(
                scope=work.scope,
                requirements=work.requirements,
                blueprint=work.blueprint,
                paths=paths,
                skeleton=self._skeleton,
                refusals=_distinct(self._refusals[path] for path in paths if again),
                attempts=attempts,
                last=attempts == _AGAIN,
                present=self._present,
                examples=work.examples,
            ),
            f"{slug(writer(batch[0]))}/{slug(paths[0])}{again}",
            Drafted,
            summary=", ".join(paths)[:200],
        )


def _distinct(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))
