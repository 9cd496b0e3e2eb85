"""`stopPreview`."""

import strawberry

from quantumlayer.api import previews
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.preview import Preview
from quantumlayer.api.inputs import preview_id_of
from quantumlayer.core.identity import Permission


async def stop_preview(info: Info, id: strawberry.ID) -> Preview:  # noqa: A002 - the name that callers know
    """Ends a preview."""
    context = info.context
    context.require(Permission.RUN)
    row = await previews.stop_preview(context.services, context.organisation_id, preview_id_of(id))
    return Preview.of(row)
