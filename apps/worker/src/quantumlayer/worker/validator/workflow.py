"""The validator at work on a whole tree."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.worker.nouns import Validated, ValidatorTask
    from quantumlayer.worker.policies import COMPUTE
    from quantumlayer.worker.validator.activities import ValidatorActivities


@workflow.defn
class Validator:
    """Source tree → findings."""

    @workflow.run
    async def run(self, task: ValidatorTask) -> Validated:
        """What compilers and linters say of the tree."""
        return await workflow.execute_activity_method(
            ValidatorActivities.validate_tree,
            task,
            summary=f"{len(task.tree.files)} files",
            **COMPUTE,
        )
