"""Looking for earlier runs that were near, once a run: what all its steps see is the same."""

from temporalio import workflow

from quantumlayer.worker.generate_capsule.work import Work
from quantumlayer.worker.memory.activities import MemoryActivities
from quantumlayer.worker.nouns import Recalled, RecallTask
from quantumlayer.worker.policies import STORE


async def recall(work: Work) -> None:
    """Takes the nearest runs as examples, where the organisation remembers any.

    Histories of runs from before say that they remember nothing, so they replay without this.
    """
    if not work.scope.remembers:
        return
    recalled: Recalled = await workflow.execute_activity_method(
        MemoryActivities.recall,
        RecallTask(scope=work.scope, requirements=work.requirements),
        summary="the nearest earlier runs",
        **STORE,
    )
    work.examples = recalled.examples
