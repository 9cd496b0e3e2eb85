"""What remembering does to the outside world."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from temporalio import activity

from quantumlayer.agents.memory import (
    MOST_EXAMPLES,
    Example,
    Examples,
    Index,
    IndexUnavailable,
    about,
    example_of,
    followed,
)
from quantumlayer.core.events import EventType
from quantumlayer.core.memories import TendRequest
from quantumlayer.core.memories.records import memories_of
from quantumlayer.core.memories.tables import Memory
from quantumlayer.core.objects import ObjectMissing
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.worker.errors import step
from quantumlayer.worker.nouns import Recalled, RecallTask
from quantumlayer.worker.runtime import Runtime

# No run waits longer for examples.
_RECALL_SECONDS = 2.0


class MemoryActivities:
    """Looking up, and forgetting."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def recall(self, task: RecallTask) -> Recalled:
        """Requirements → the nearest runs, stored and told; what goes wrong is told as well."""
        scope = task.scope
        async with step():
            requirements = await self._runtime.fetch(task.requirements, Requirements)
            reason, found = "", Examples(examples=())
            try:
                async with asyncio.timeout(_RECALL_SECONDS):
                    found = await self._nearest(scope.organisation_id, about(requirements))
            except (IndexUnavailable, ObjectMissing) as error:
                reason = str(error)
            except TimeoutError:
                reason = f"nothing was found within {_RECALL_SECONDS:g} seconds"
            address = await self._runtime.keep(found) if found.examples else None
            async with self._runtime.recorder.recording(
                scope.organisation_id, scope.run_id
            ) as recording:
                examples = [
                    {"runId": str(one.run_id), "title": one.title} for one in found.examples
                ]
                await recording.tell(
                    "memory.recalled",
                    EventType.MEMORY_RECALLED,
                    {"examples": examples, "reason": reason},
                )
            return Recalled(examples=address)

    @activity.defn
    async def tend(self, request: TendRequest) -> None:
        """Makes the index follow the rows, such as after some were forgotten."""
        async with step():
            if self._runtime.memory is not None:
                await self._followed(self._runtime.memory, request.organisation_id)

    async def _nearest(self, organisation_id: UUID, text: str) -> Examples:
        index = self._runtime.memory
        if index is None:
            return Examples(examples=())
        rows = {row.run_id: row for row in await self._followed(index, organisation_id)}
        near = await index.nearest(organisation_id, text, MOST_EXAMPLES)
        # Only what its rows let an organisation see, whatever an index says.
        examples = [await self._example(rows[run]) for run in near if run in rows]
        return Examples(examples=tuple(examples))

    async def _followed(self, index: Index, organisation_id: UUID) -> Sequence[Memory]:
        async with self._runtime.database.tenant(organisation_id) as session:
            rows = await memories_of(session, organisation_id)
        await followed(index, organisation_id, {row.run_id: row.about for row in rows})
        return rows

    async def _example(self, row: Memory) -> Example:
        return example_of(
            row.run_id,
            await self._runtime.fetch(row.requirements_object, Requirements),
            await self._runtime.fetch(row.blueprint_object, Blueprint),
            await self._runtime.texts(row.stubs),
        )
