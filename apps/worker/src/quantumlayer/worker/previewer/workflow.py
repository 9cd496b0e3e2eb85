"""ShowPreview: one preview, from its wish to its end."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from quantumlayer.core.previews import (
        LONGEST_SECONDS,
        PREVIEW_WORKFLOW,
        WAITING_SECONDS,
        PreviewRequest,
    )
    from quantumlayer.worker.previewer.activities import PreviewerActivities

# Building it has limits of its own, which are tighter.
_BUILDING = timedelta(minutes=15)


@workflow.defn(name=PREVIEW_WORKFLOW)
class ShowPreview:
    """Gives a preview to a worker, once: whoever used one that died did not use its successor."""

    @workflow.run
    async def run(self, request: PreviewRequest) -> None:
        """Ends with the preview. How it stands is in its row, whatever becomes of this."""
        await workflow.execute_activity_method(
            PreviewerActivities.show_preview,
            request,
            summary=str(request.run_id),
            schedule_to_start_timeout=timedelta(seconds=WAITING_SECONDS),
            start_to_close_timeout=_BUILDING + timedelta(seconds=LONGEST_SECONDS),
            heartbeat_timeout=timedelta(seconds=5),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
