"""TendMemory: an index follows what an organisation has forgotten."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.core.memories import TEND_WORKFLOW, TendRequest
    from quantumlayer.worker.memory.activities import MemoryActivities
    from quantumlayer.worker.policies import STORE


@workflow.defn(name=TEND_WORKFLOW)
class TendMemory:
    """Has the index of one organisation tended; what fails is left to its next run."""

    @workflow.run
    async def run(self, request: TendRequest) -> None:
        """Ends when nothing is left in the index that was forgotten."""
        await workflow.execute_activity_method(
            MemoryActivities.tend, request, summary=str(request.organisation_id), **STORE
        )
