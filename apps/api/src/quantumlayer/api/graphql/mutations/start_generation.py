"""`startGeneration`."""

import logging
import uuid

from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.inputs import StartGenerationInput, idempotency_key, run_request
from quantumlayer.api.graphql.types.run import Run
from quantumlayer.api.temporal import TemporalAway
from quantumlayer.core.identity import Permission
from quantumlayer.core.runs.requests import IdempotencyConflict, record_request

_logger = logging.getLogger(__name__)


async def start_generation(info: Info, input: StartGenerationInput) -> Run:  # noqa: A002
    """Records the run, then starts its workflow; the run stays queued while that cannot be."""
    context = info.context
    context.require(Permission.RUN)
    request = run_request(input, context.services.settings.model)
    key = (
        uuid.uuid4().hex
        if input.idempotency_key is None
        else idempotency_key(input.idempotency_key)
    )
    try:
        async with context.session() as session:
            run = await record_request(session, context.organisation_id, key, request)
    except IdempotencyConflict:
        raise ApiError(
            ErrorCode.CONFLICT,
            "That idempotency key belongs to a run with another input. Use a new key for a new"
            " request.",
        ) from None
    if run.status == "queued":
        try:
            await context.services.workflows.start(context.organisation_id, run.id)
        except TemporalAway as away:
            _logger.warning("run %s is queued: %s", run.id, away.__cause__)
    return Run(row=run)
