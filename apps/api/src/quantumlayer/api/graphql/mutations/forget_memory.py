"""`forgetMemory` and `clearMemory`."""

import strawberry

from quantumlayer.api.graphql.context import Info
from quantumlayer.api.inputs import run_id_of
from quantumlayer.api.memories import forget_memories
from quantumlayer.core.identity import Permission


async def forget_memory(info: Info, run_id: strawberry.ID) -> int:
    """Forgets one run."""
    context = info.context
    context.require(Permission.RUN)
    return await forget_memories(context.services, context.organisation_id, run_id_of(run_id))


async def clear_memory(info: Info) -> int:
    """Forgets all runs."""
    context = info.context
    context.require(Permission.RUN)
    return await forget_memories(context.services, context.organisation_id)
