"""Starting and cancelling runs, whichever door the wish came through."""

import logging
from uuid import UUID

from quantumlayer.api.errors import ApiError, ErrorCode, run_not_found
from quantumlayer.api.services import Services
from quantumlayer.api.temporal import CancelOutcome, TemporalAway, Workflows
from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.runs import WishDecision, workflow_id
from quantumlayer.core.runs.queries import find_run
from quantumlayer.core.runs.recorder import Recording
from quantumlayer.core.runs.requests import IdempotencyConflict, RunRequest, record_request
from quantumlayer.core.runs.tables import Run

_logger = logging.getLogger(__name__)
_CANCELLED = "cancelled by request"


async def start_run(
    services: Services, organisation_id: UUID, request: RunRequest, key: str
) -> Run:
    """Records the run of `key`, then starts its workflow; it stays queued while that cannot be.

    Raises ApiError when the key belongs to another request.
    """
    try:
        async with services.database.tenant(organisation_id) as session:
            run = await record_request(session, organisation_id, key, request)
    except IdempotencyConflict:
        raise ApiError(
            ErrorCode.CONFLICT,
            "That idempotency key belongs to a run with another input. Use a new key for a new"
            " request.",
        ) from None
    if run.status == "queued":
        try:
            await services.workflows.start(organisation_id, run.id)
        except TemporalAway as away:
            _logger.warning("run %s is queued: %s", run.id, away.__cause__)
    return run


async def cancel_run(services: Services, organisation_id: UUID, run_id: UUID) -> Run:
    """Asks the workflow to stop; a run that has none is cancelled right here.

    Raises ApiError when there is no such run, when it has ended, or when Temporal is away.
    """
    try:
        async with services.recorder.recording(organisation_id, run_id) as recording:
            run = recording.run
            _require_unfinished(run)
            # The row is held, so nobody starts the workflow between the question and the answer.
            if await _has_no_workflow(services.workflows, run):
                await _end(recording)
            return run
    except LookupError:
        raise run_not_found(run_id) from None


async def decide_wish(
    services: Services, organisation_id: UUID, run_id: UUID, decision: WishDecision
) -> Run:
    """Answers what a run asks about a wish that no stack serves.

    Raises ApiError when there is no such run, when it asks nothing, or when Temporal is away.
    """
    async with services.database.tenant(organisation_id) as session:
        run = await find_run(session, organisation_id, run_id)
    if run is None:
        raise run_not_found(run_id)
    try:
        heard = await services.workflows.decide(workflow_id(run.id, run.prompt), decision)
    except TemporalAway:
        raise ApiError(
            ErrorCode.UNAVAILABLE, "Temporal does not answer, so the run was not told. Try again."
        ) from None
    if not heard:
        raise ApiError(
            ErrorCode.CONFLICT, "The run asks nothing now: it has its answer, or took the default."
        )
    return run


async def _has_no_workflow(workflows: Workflows, run: Run) -> bool:
    try:
        outcome = await workflows.cancel(workflow_id(run.id, run.prompt))
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
    await recording.tell("run.ended", EventType.RUN_CANCELLED, {"reason": _CANCELLED})
    run.status = "cancelled"
    run.reason = _CANCELLED
    run.finished_at = now()


def _require_unfinished(run: Run) -> None:
    if run.status in ("finished", "cancelled"):
        raise ApiError(
            ErrorCode.CONFLICT,
            f"The run has ended already ({run.verdict or run.status}); nothing is left to stop.",
        )
