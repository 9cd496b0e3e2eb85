"""`decideWish`."""

import strawberry

from quantumlayer.api import runs
from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.run import Run
from quantumlayer.api.graphql.types.scalars import WishDecision
from quantumlayer.api.inputs import run_id_of
from quantumlayer.core import runs as contract
from quantumlayer.core.identity import Permission


async def decide_wish(info: Info, run_id: strawberry.ID, decision: WishDecision) -> Run:
    """Says what becomes of the wish that no stack serves."""
    context = info.context
    context.require(Permission.RUN)
    row = await runs.decide_wish(
        context.services,
        context.organisation_id,
        run_id_of(run_id),
        contract.WishDecision(decision.value),
    )
    return Run(row=row)
