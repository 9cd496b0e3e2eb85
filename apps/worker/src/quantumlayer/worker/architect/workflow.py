"""The architect at work on one run."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.worker.architect.activities import ArchitectActivities
    from quantumlayer.worker.nouns import ArchitectTask, Designed
    from quantumlayer.worker.policies import MODEL


@workflow.defn
class Architect:
    """Requirements → blueprint."""

    @workflow.run
    async def run(self, task: ArchitectTask) -> Designed:
        """The files to write and the order in which they lean on each other."""
        return await workflow.execute_activity_method(
            ArchitectActivities.design_blueprint,
            task,
            summary="requirements → blueprint",
            **MODEL,
        )
