"""Answering under an idempotency key: the lease is renewed, the answer kept or the key freed."""

import contextlib
import logging
from enum import StrEnum
from types import TracebackType
from typing import Self

from quantumlayer.router.answers.claims import Claim, IdempotencyStore, StoreGone
from quantumlayer.router.answers.late_finishes import LateFinishes
from quantumlayer.router.answers.nouns import Answer
from quantumlayer.router.answers.packing import pack_aside
from quantumlayer.router.leases import Lease, Leases

_logger = logging.getLogger(__name__)

# Verdicts on the request itself: the same request will always get them.
_FINAL_STATUSES = frozenset({400, 413, 422})

ANSWERED_NOT_KEPT = b""
"""In place of an answer that was too large."""


class Ending(StrEnum):
    """What became of an answer under its key."""

    KEPT = "kept"
    TOO_LARGE = "too_large"
    """The key is answered for good, and cannot be replayed."""
    FREED = "freed"
    """A failure that may pass: the next request under the key tries anew."""
    SUPERSEDED = "superseded"
    """The lease had run out, and another request owns the key."""
    LATER = "later"
    """The store was gone; `LateFinishes` goes on trying."""


def worth_keeping(answer: Answer) -> bool:
    """Whether a repeated request should get this answer rather than another try."""
    if not answer.complete:
        return False
    return 200 <= answer.status < 300 or answer.status in _FINAL_STATUSES


class Ownership:
    """The right and the duty to answer; left without `finish`, the key is free again.

    async with ownership:
        answer = …
        await ownership.finish(answer)
    """

    def __init__(
        self,
        store: IdempotencyStore,
        claim: Claim,
        *,
        most_bytes: int,
        late: LateFinishes,
        leases: Leases,
    ) -> None:
        self._store = store
        self._claim = claim
        self._most_bytes = most_bytes
        self._late = late
        self._leases = leases
        self._lease: Lease | None = None
        self._ended = False
        self.superseded = False
        """Whether the lease ran out unnoticed and another request owns the key: stop if you can."""

    async def __aenter__(self) -> Self:
        self._lease = self._leases.kept(self._renew, seconds=self._store.lease_seconds)
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if not self._ended:
            await self._free()

    async def finish(self, answer: Answer) -> Ending:
        """Keeps the answer under the key, or frees it where another try is worth more."""
        if not worth_keeping(answer):
            await self._free()
            return Ending.FREED
        await self._end()
        too_large = answer.size > self._most_bytes
        packed = ANSWERED_NOT_KEPT if too_large else await pack_aside(self._claim.name, answer)
        try:
            owned = await self._store.finish(self._claim, packed)
        except StoreGone as error:
            _logger.warning("an answer could not be kept under its key yet: %s", error)
            self._late.finish(self._store, self._claim, packed)
            return Ending.LATER
        if not owned:
            return Ending.SUPERSEDED
        return Ending.TOO_LARGE if too_large else Ending.KEPT

    async def _free(self) -> None:
        await self._end()
        # Where the store is gone, the lease's end does it.
        with contextlib.suppress(StoreGone):
            await self._store.release(self._claim)

    async def _renew(self) -> None:
        self.superseded = self.superseded or not await self._store.renew(self._claim)

    async def _end(self) -> None:
        """No renewal may come after the key is free: it would take it again."""
        self._ended = True
        if self._lease is not None:
            await self._lease.left()
