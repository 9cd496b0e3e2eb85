"""Seeing to it, now and again, that nothing that was sent is kept longer than it is needed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from quantumlayer.core.database import FAILURES, Database, now
from quantumlayer.core.objects import ObjectStore
from quantumlayer.core.runs.forgetting import forget_folders

_logger = logging.getLogger(__name__)
_EVERY_SECONDS = 600.0


@asynccontextmanager
async def forgetting(
    database: Database, objects: ObjectStore, age: timedelta
) -> AsyncIterator[None]:
    """As long as this lasts, folders are deleted that nobody has used for `age`."""
    at_work = asyncio.create_task(_forget_for_ever(database, objects, age))
    try:
        yield
    finally:
        at_work.cancel()
        with suppress(asyncio.CancelledError):
            await at_work


async def _forget_for_ever(database: Database, objects: ObjectStore, age: timedelta) -> None:
    while True:
        try:
            count = await forget_folders(database, objects, now() - age)
            if count:
                _logger.info("deleted %d folders that were sent and are needed no more", count)
        except FAILURES as error:
            _logger.warning("could not delete folders that are needed no more: %s", error)
        await asyncio.sleep(_EVERY_SECONDS)
