"""Answers that were paid for while the store was gone: kept as soon as it is back."""

import asyncio
import logging

from quantumlayer.router.answers.claims import Claim, IdempotencyStore, StoreGone

_logger = logging.getLogger(__name__)


class LateFinishes:
    """Tries in the background, every `pause_seconds`, for at most `patience_seconds` each.

    Only what was under way when the store went can get here, because nothing begins without it.
    """

    def __init__(self, *, patience_seconds: float = 120, pause_seconds: float = 0.5) -> None:
        self._patience_seconds = patience_seconds
        self._pause_seconds = pause_seconds
        self._tasks: set[asyncio.Task[None]] = set()

    def finish(self, store: IdempotencyStore, claim: Claim, packed: bytes) -> None:
        """Sees to it that the answer is kept; returns at once."""
        task = asyncio.create_task(self._keep_trying(store, claim, packed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Waits for all of them, as before a process ends."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _keep_trying(self, store: IdempotencyStore, claim: Claim, packed: bytes) -> None:
        try:
            async with asyncio.timeout(self._patience_seconds):
                while True:
                    if await self._kept(store, claim, packed):
                        return
                    await asyncio.sleep(self._pause_seconds)
        except TimeoutError:
            _logger.warning("an answer is lost to its key: the store did not come back in time")

    async def _kept(self, store: IdempotencyStore, claim: Claim, packed: bytes) -> bool:
        try:
            # Superseded is an end, too: the other request keeps its own answer.
            await store.finish(claim, packed)
        except StoreGone:
            return False
        return True
