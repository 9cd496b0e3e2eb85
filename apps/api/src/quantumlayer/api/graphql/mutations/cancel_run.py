"""`cancelRun`."""

import strawberry

from quantumlayer.api import runs
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.run import Run
from quantumlayer.api.inputs import run_id_of
from quantumlayer.core.identity import Permission


async def cancel_run(info: Info, run_id: strawberry.ID) -> Run:
    """Asks the run to stop."""
    context = info.context
    context.require(Permission.RUN)
    row = await runs.cancel_run(context.services, context.organisation_id, run_id_of(run_id))
    return Run(row=row)
