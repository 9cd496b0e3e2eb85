"""Keeps what is leased for as long as a call runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

_log = logging.getLogger(__name__)
LEASE_SECONDS = 60.0
_EVERY_SECONDS = LEASE_SECONDS / 3


@asynccontextmanager
async def renewed(renew: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Calls `renew` three times a lease; one that fails is followed by others in time."""
    renewing = asyncio.create_task(_renew(renew))
    try:
        yield
    finally:
        renewing.cancel()


async def _renew(renew: Callable[[], Awaitable[object]]) -> None:
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        try:
            await renew()
        except Exception:  # noqa: BLE001 - whatever it is, the provider is working and paid for
            _log.warning("a lease could not be renewed", exc_info=True)
