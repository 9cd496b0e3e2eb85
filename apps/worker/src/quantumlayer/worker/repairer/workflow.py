"""One look at tests that notice too little, or one round of failures of an older run."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.worker.nouns import Repaired, RepairTask
    from quantumlayer.worker.policies import MODEL
    from quantumlayer.worker.repairer.activities import RepairerActivities


@workflow.defn
class Repairer:
    """Changes that no test noticed → stronger tests; of an older run failures → changed files."""

    @workflow.run
    async def run(self, task: RepairTask) -> Repaired:
        """The tree after the repair, or with stronger tests when that is what is asked for."""
        if task.mutation is not None:
            return await workflow.execute_activity_method(
                RepairerActivities.strengthen_tests,
                task,
                summary=f"tests, round {task.round_number}",
                **MODEL,
            )
        return await workflow.execute_activity_method(
            RepairerActivities.repair_tree,
            task,
            summary=f"round {task.round_number}",
            **MODEL,
        )
