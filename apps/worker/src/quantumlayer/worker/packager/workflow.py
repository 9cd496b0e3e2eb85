"""The packager at work: verdict, quality report, signed capsule."""

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
            **COMPUTE,
        )
