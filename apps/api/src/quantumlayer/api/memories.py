"""What an organisation remembers of its runs: listing it and forgetting it."""

import logging
from uuid import UUID

from quantumlayer.api.services import Services
from quantumlayer.api.temporal import TemporalAway
from quantumlayer.core.memories import TendRequest
from quantumlayer.core.memories.records import forget

_logger = logging.getLogger(__name__)


async def forget_memories(
    services: Services, organisation_id: UUID, run_id: UUID | None = None
) -> int:
    """Forgets one run, or all; how many were remembered.

    From now on none of them is shown to anybody. The index follows: by a worker at once, or where
    none could be told, at the organisation's next run.
    """
    async with services.database.tenant(organisation_id) as session:
        forgotten = await forget(session, organisation_id, run_id)
    if forgotten:
        try:
            await services.workflows.tend(TendRequest(organisation_id=organisation_id))
        except TemporalAway as away:
            _logger.warning("the index of memories follows at the next run: %s", away.__cause__)
    return forgotten
