"""`startPreview`."""

import strawberry

from quantumlayer.api import previews
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.preview import Preview
from quantumlayer.api.inputs import run_id_of
from quantumlayer.core.identity import Permission


async def start_preview(info: Info, run_id: strawberry.ID) -> Preview:
    """Starts what the run has made, for a browser of the worker's machine."""
    context = info.context
    context.require(Permission.RUN)
    row = await previews.start_preview(context.services, context.organisation_id, run_id_of(run_id))
    return Preview.of(row)
