"""Workflows that do nothing: what the server and the SDK cost by themselves."""

import asyncio
from datetime import timedelta

from temporalio import activity, workflow


@activity.defn
async def nothing(number: int) -> int:
    """An activity that does nothing."""
    return number


@workflow.defn
class PlainChild:
    """Runs one activity."""

    @workflow.run
    async def run(self, number: int) -> int:
        """The activity's number."""
        return await workflow.execute_activity(
            nothing, number, start_to_close_timeout=timedelta(seconds=60)
        )


@workflow.defn
class Plain:
    """As many children and activities as a run has, and nothing else."""

    @workflow.run
    async def run(self, counts: tuple[int, int]) -> None:
        """Counts are children with an activity each, and activities of its own."""
        children, own = counts
        here = workflow.info().workflow_id
        await asyncio.gather(
            *(
                workflow.execute_child_workflow(PlainChild.run, n, id=f"{here}/{n}")
                for n in range(children)
            )
        )
        for number in range(own):
            await workflow.execute_activity(
                nothing, number, start_to_close_timeout=timedelta(seconds=60)
            )
