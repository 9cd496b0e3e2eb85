"""Keeps what is leased for as long as calls run: one timer for all that a process has leased."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Any, Self

_log = logging.getLogger(__name__)
LEASE_SECONDS = 60.0
_RENEWALS = 3
"""How often in its life a lease is renewed, so that one renewal that fails loses nothing."""
Renew = Callable[[], Awaitable[object]]


class Lease:
    """One call's lease, renewed until it is left; `Leases.kept` makes it."""

    __slots__ = ("_kept", "due", "every", "renew", "renewing")

    def __init__(self, kept: "dict[Lease, None]", renew: Renew, every: float, due: float) -> None:
        self._kept = kept
        self.renew = renew
        self.every = every
        self.due = due
        self.renewing: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """No renewal begins any more, and one that is under way is given up."""
        self._kept.pop(self, None)
        if self.renewing is not None:
            self.renewing.cancel()

    async def left(self) -> None:
        """The same; no renewal is under way when this returns."""
        self.leave()
        if self.renewing is not None:
            await asyncio.wait([self.renewing])


class Leases:
    """What is leased now.

    Most calls are over long before their leases are, so to keep one costs next to nothing: the
    timer is set for the first lease that is due, and looks only then which of them still are kept.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Lease, None] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = 0.0

    def kept(self, renew: Renew, *, seconds: float = LEASE_SECONDS) -> Lease:
        """Has `renew` called three times in `seconds`; one that fails is followed by others."""
        every = seconds / _RENEWALS
        lease = Lease(self._kept, renew, every, self._clock() + every)
        self._kept[lease] = None
        self._ring(lease.due)
        return lease

    def end(self, settling: Coroutine[Any, Any, None]) -> None:
        """Has a lease settled without the call's waiting for it."""
        task = asyncio.create_task(settling)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Waits for what is still being settled."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await asyncio.gather(*self._ending, return_exceptions=True)

    def renew_due(self) -> None:
        """Begins to renew what is due, side by side: one that is slow keeps no other waiting."""
        now = self._clock()
        self._timer = None
        for lease in self._kept:
            if lease.due <= now:
                lease.due = now + lease.every
                if lease.renewing is None or lease.renewing.done():
                    lease.renewing = asyncio.create_task(_renewed(lease))
        if self._kept:
            self._ring(min(lease.due for lease in self._kept))

    def _ring(self, due: float) -> None:
        if self._timer is not None:
            if due >= self._rings_at:
                return
            self._timer.cancel()
        self._rings_at = due
        wait = due - self._clock()
        self._timer = asyncio.get_running_loop().call_later(wait, self.renew_due)


async def _renewed(lease: Lease) -> None:
    try:
        await lease.renew()
    except Exception:  # noqa: BLE001 - whatever it is, the provider is working and paid for
        _log.warning("a lease could not be renewed", exc_info=True)
