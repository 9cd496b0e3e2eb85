"""A time limit that moves: over many short waits it costs next to nothing.

`asyncio.timeout` sets a timer for every wait. Pieces of a reply come so close together that the
timers cost more than the pieces; here one goes on until it rings, and only then looks again.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

_Result = TypeVar("_Result")


class Rang(Exception):  # noqa: N818 - says what happened
    """What was waited for did not come in time; the wait was cancelled."""


class Alarm:
    """Ends a wait at `due`, seconds of the running loop's clock; to be closed when it is over.

    Between waits nothing is ended: what is late then is noticed at the next one.
    """

    def __init__(self, due: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._due = due
        self._waiting: asyncio.Task[object] | None = None
        self._rang = False
        self._set()

    def move(self, due: float) -> None:
        """Rings at another time."""
        self._due = due
        if due < self._set_for:
            self._timer.cancel()
            self._set()

    async def over(self, awaited: Awaitable[_Result]) -> _Result:
        """What is awaited; raises `Rang` where it does not come in time."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for its type
        cancelled = task.cancelling()
        self._waiting = task
        try:
            if self._timer.cancelled():
                self._set()
            return await awaited
        except BaseException as error:
            # As in asyncio.timeout: a cancellation is ours only where nobody else asked for one.
            ours = self._rang and task.uncancel() <= cancelled
            if ours and isinstance(error, asyncio.CancelledError):
                raise Rang from None
            raise
        finally:
            self._waiting = None

    def close(self) -> None:
        """Rings no more."""
        self._timer.cancel()

    def _set(self) -> None:
        self._set_for = self._due
        self._timer = self._loop.call_at(self._due, self._ring)

    def _ring(self) -> None:
        if self._loop.time() < self._due:
            self._set()
        elif self._waiting is None:
            self._timer.cancel()  # marks that the next wait has to set it
        else:
            self._rang = True
            self._waiting.cancel()
