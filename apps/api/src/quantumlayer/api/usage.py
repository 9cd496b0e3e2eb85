"""What runs used models for, as the API reads it from the router's rows."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

if TYPE_CHECKING:
    from quantumlayer.router.run_usage import RunUsage


async def usages_of(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> "dict[UUID, RunUsage]":
    """What each run used models for; nothing of a run that asked none."""
    # The router brings clients of providers along: loaded when somebody first asks for this.
    from quantumlayer.router import run_usage  # noqa: PLC0415 - see above

    return await run_usage.usages_of(session, organisation_id, run_ids)
