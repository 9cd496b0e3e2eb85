"""What exists, looked at before anybody changes it."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.worker.nouns import Scope
    from quantumlayer.worker.policies import COMPUTE
    from quantumlayer.worker.reviser.activities import ReviserActivities
    from quantumlayer.worker.reviser.nouns import BaselineTested


@workflow.defn
class Baseline:
    """The version that is changed → what its own tests say of it."""

    @workflow.run
    async def run(self, scope: Scope) -> BaselineTested:
        """What held before, so that it can be told from what the change does."""
        return await workflow.execute_activity_method(
            ReviserActivities.test_baseline,
            scope,
            summary="the tests of what exists",
            **COMPUTE,
        )
