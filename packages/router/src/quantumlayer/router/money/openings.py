"""Opening a scope once for all who wait for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from quantumlayer.router.money.nouns import Scope


class Openings:
    """What is asked of the rows is asked once at a time for a scope; how it ends, all learn."""

    def __init__(self) -> None:
        self._running: dict[Scope, asyncio.Task[None]] = {}

    async def once(self, scope: Scope, opening: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Waits for the opening that runs, else for this one; raises what it raises."""
        running = self._running.get(scope)
        if running is None:
            running = self._running[scope] = asyncio.ensure_future(opening())
            running.add_done_callback(lambda task: self._over(scope, task))
        # Whoever gives up waiting takes it away from nobody.
        await asyncio.shield(running)

    def _over(self, scope: Scope, task: asyncio.Task[None]) -> None:
        del self._running[scope]
        if not task.cancelled():
            task.exception()  # told to those who wait, if anybody still does
