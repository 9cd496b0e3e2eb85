"""The analyst at work on one run."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.worker.analyst.activities import AnalystActivities
    from quantumlayer.worker.nouns import Scope, Understood
    from quantumlayer.worker.policies import MODEL
    from quantumlayer.worker.reviser.activities import ReviserActivities


@workflow.defn
class Analyst:
    """Prompt → requirements."""

    @workflow.run
    async def run(self, scope: Scope) -> Understood:
        """The run's requirements; where it changes what exists, with what is different of them."""
        if scope.base is not None:
            return await workflow.execute_activity_method(
                ReviserActivities.understand_change,
                scope,
                summary="sentence → change of requirements",
                **MODEL,
            )
        return await workflow.execute_activity_method(
            AnalystActivities.understand_prompt,
            scope,
            summary="prompt → requirements",
            **MODEL,
        )
