"""What the climber does to the outside world: it starts, in the sandbox, what is delivered."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from temporalio import activity

from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import Recording
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.deliveries import NoDockerfile, ended_at_once
from quantumlayer.qlayer.quality import (
    DeliverySummary,
    named_pictures,
    summarize_climb,
    weigh_rungs,
)
from quantumlayer.qlayer.requirements import ApplicationKind, Requirements
from quantumlayer.qlayer.stacks import stack
from quantumlayer.qtest.delivered import Climb, Outcome
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import Climbed, ClimbTask
from quantumlayer.worker.runtime import Runtime
from quantumlayer.worker.workspace import lay_out

_AGENT = "climber"


class ClimberActivities:
    """The climber's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def climb(self, task: ClimbTask) -> Climbed:
        """Source tree → what the rungs found out, stored and told; nothing of a library.

        What this machine cannot find out is a rung that says so. Tried again, it starts anew.
        """
        scope, item = task.scope, f"delivery-{task.round_number}"
        async with step(self._runtime.room):
            blueprint = await self._runtime.fetch(task.blueprint, Blueprint)
            if not _runs(blueprint):
                return Climbed()
            asked = await self._runtime.fetch_if_any(task.requirements, Requirements)
            await agent_started(self._runtime, scope, _AGENT, item)
            folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="quantumlayer-")
            try:
                await lay_out(self._runtime, task.tree, Path(folder.name))
                climbed = await self._runtime.climb(Path(folder.name), asked)
            except NoDockerfile as error:
                climbed = ended_at_once(Outcome.BROKEN, str(error))
            finally:
                await asyncio.to_thread(folder.cleanup)
            for content in named_pictures(climbed).values():
                await self._runtime.objects.put(content)
            summary = summarize_climb(climbed)
            address = await self._runtime.keep(summary)
            async with agent_finished(self._runtime, scope, _AGENT, item) as recording:
                await _tell(recording, climbed, summary, task.round_number)
            return Climbed(delivery=address)


def _runs(blueprint: Blueprint) -> bool:
    """Whether anything is delivered that can be started.

    Of a library only the tests run; so they do of a stack that is delivered as its sources.
    """
    if blueprint.stack and stack(blueprint.stack).delivery is None:
        return False
    return blueprint.kind is not ApplicationKind.LIBRARY and bool(blueprint.run_command)


async def _tell(
    recording: Recording, climbed: Climb, summary: DeliverySummary, round_number: int
) -> None:
    verdict, _ = weigh_rungs(summary.rungs)
    await recording.tell(
        f"delivery.climbed/{round_number}",
        EventType.DELIVERY_CLIMBED,
        {
            "verdict": verdict.value,
            "tier": climbed.tier,
            "rungs": [
                {
                    "rung": one.rung.value,
                    "outcome": one.outcome.value,
                    "seconds": one.seconds,
                    "reason": one.reason,
                    "tests": Counter(test.outcome.value for test in told.tests),
                    "pictures": [picture.model_dump(mode="json") for picture in told.pictures],
                }
                for one, told in zip(climbed.rungs, summary.rungs, strict=True)
            ],
            "round": round_number,
        },
    )
