"""`cancelRun`."""

import strawberry

from quantumlayer.api.errors import ApiError, ErrorCode, run_not_found
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.inputs import run_id_of
from quantumlayer.api.graphql.types.run import Run
from quantumlayer.api.temporal import CancelOutcome, TemporalAway
from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.identity import Permission
from quantumlayer.core.runs import workflow_id
from quantumlayer.core.runs.recorder import Recording
from quantumlayer.core.runs.tables import Run as RunRow

_REASON = "cancelled by request"


async def cancel_run(info: Info, run_id: strawberry.ID) -> Run:
    """Asks the workflow to stop; a run that has none is cancelled right here."""
    context = info.context
    context.require(Permission.RUN)
    services = context.services
    identity = run_id_of(run_id)
    try:
        async with services.recorder.recording(context.organisation_id, identity) as recording:
            _require_unfinished(recording.run)
            # The row is held, so nobody starts the workflow between the question and the answer.
            if await _has_no_workflow(info, recording.run):
                await _end(recording)
            return Run(row=recording.run)
    except LookupError:
        raise run_not_found(run_id) from None


async def _has_no_workflow(info: Info, run: RunRow) -> bool:
    workflow = workflow_id(run.id, run.prompt)
    try:
        outcome = await info.context.services.workflows.cancel(workflow)
    except TemporalAway:
        if run.status == "queued":
            # A workflow that was started all the same ends when it finds its run cancelled.
            return True
        raise ApiError(
            ErrorCode.UNAVAILABLE,
            "Temporal does not answer, so the run cannot be stopped now. Try again;"
            " `quantumlayer status` says which part is down.",
        ) from None
    return outcome is CancelOutcome.NO_WORKFLOW


async def _end(recording: Recording) -> None:
    run = recording.run
    # The key of a run's last event, whoever tells it: there is never a second one.
    await recording.tell("run.ended", EventType.RUN_CANCELLED, {"reason": _REASON})
    run.status = "cancelled"
    run.reason = _REASON
    run.finished_at = now()


def _require_unfinished(run: RunRow) -> None:
    if run.status in ("finished", "cancelled"):
        outcome = run.verdict or run.status
        raise ApiError(
            ErrorCode.CONFLICT, f"The run has ended already ({outcome}); nothing is left to stop."
        )
