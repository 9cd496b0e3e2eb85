"""The packager at work: verdict, quality report, signed capsule."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.worker.nouns import Packaged, PackageTask
    from quantumlayer.worker.packager.activities import PackagerActivities
    from quantumlayer.worker.policies import COMPUTE


@workflow.defn
class Packager:
    """Everything known of the run → capsule."""

    @workflow.run
    async def run(self, task: PackageTask) -> Packaged:
        """The capsule's address and its verdict."""
        return await workflow.execute_activity_method(
            PackagerActivities.package_capsule,
            task,
            summary="assess, build, sign, verify, store",
            # The run's wall time is over when this begins, so nothing above it would end it.
            schedule_to_close_timeout=timedelta(seconds=task.scope.limits.wall_seconds)
            + COMPUTE["start_to_close_timeout"],
            **COMPUTE,
        )
