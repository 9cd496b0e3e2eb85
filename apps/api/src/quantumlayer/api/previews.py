"""Starting and stopping previews. A worker holds them; this process only knows their rows."""

from urllib.parse import urlsplit
from uuid import UUID

from quantumlayer.api.auth import cookie_name
from quantumlayer.api.errors import ApiError, ErrorCode, preview_not_found, run_not_found
from quantumlayer.api.services import Services
from quantumlayer.api.temporal import TemporalAway
from quantumlayer.core.previews import MOST_AT_ONCE, PreviewRequest, PreviewState
from quantumlayer.core.previews.records import (
    STOPPED,
    PreviewRecord,
    TooManyPreviews,
    find_preview,
    record_preview,
)
from quantumlayer.core.previews.tables import Preview
from quantumlayer.core.runs.queries import capsules_of, find_run

_NO_CAPSULE = "The run has no capsule, so there is nothing to show."
_AWAY = "Temporal does not answer, so no worker could be asked. Try again."


async def start_preview(services: Services, organisation_id: UUID, run_id: UUID) -> Preview:
    """A preview of what the run has made, on its way.

    Raises ApiError when there is no such run, when it has made nothing yet, when as many previews
    are open as may be, or when Temporal is away.
    """
    async with services.database.tenant(organisation_id) as session:
        if await find_run(session, organisation_id, run_id) is None:
            raise run_not_found(run_id)
        if run_id not in await capsules_of(session, organisation_id, [run_id]):
            raise ApiError(ErrorCode.CONFLICT, _NO_CAPSULE)
        try:
            row = await record_preview(session, organisation_id, run_id)
        except TooManyPreviews:
            raise ApiError(
                ErrorCode.CONFLICT, f"{MOST_AT_ONCE} previews are open: stop one of them first."
            ) from None
    own = urlsplit(services.base_url)
    request = PreviewRequest(
        preview_id=row.id,
        organisation_id=organisation_id,
        run_id=run_id,
        framed_by=(f"{own.scheme}://{own.netloc}",),
        withheld=(cookie_name(services),),
    )
    try:
        await services.workflows.show(request)
    except TemporalAway:
        record = PreviewRecord(services.database, organisation_id, row.id)
        await record.end(PreviewState.FAILED, _AWAY)
        raise ApiError(ErrorCode.UNAVAILABLE, _AWAY) from None
    return row


async def stop_preview(services: Services, organisation_id: UUID, preview_id: UUID) -> Preview:
    """Ends a preview: its worker looks every second whether it is still wanted.

    One that has ended stays as it is. Raises ApiError when there is no such preview.
    """
    record = PreviewRecord(services.database, organisation_id, preview_id)
    await record.end(PreviewState.ENDED, STOPPED)
    return await the_preview(services, organisation_id, preview_id)


async def the_preview(services: Services, organisation_id: UUID, preview_id: UUID) -> Preview:
    """A preview. Raises ApiError when the organisation has none of that id."""
    async with services.database.tenant(organisation_id) as session:
        row = await find_preview(session, organisation_id, preview_id)
    if row is None:
        raise preview_not_found(preview_id)
    return row
