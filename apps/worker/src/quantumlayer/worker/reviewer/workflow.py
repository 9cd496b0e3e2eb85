"""The reviewer at work."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.worker.nouns import Reviewed, ReviewTask
    from quantumlayer.worker.policies import MODEL
    from quantumlayer.worker.reviewer.activities import ReviewerActivities


@workflow.defn
class Reviewer:
    """A tree that holds → what a reader remarks."""

    @workflow.run
    async def run(self, task: ReviewTask) -> Reviewed:
        """One reading of the whole."""
        return await workflow.execute_activity_method(
            ReviewerActivities.review_tree, task, summary=f"reading {task.number}", **MODEL
        )
