"""Idempotency keys in one process: the same promise, until the process ends."""

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass

from quantumlayer.router.answers.claims import (
    Busy,
    Claim,
    ClaimOutcome,
    Different,
    Finished,
    Owned,
    StoreGone,
)

_DAY = 24 * 3600.0


@dataclass(slots=True)
class _Record:
    request_hash: str
    token: str
    until: float
    packed: bytes | None = None


class MemoryIdempotency:
    """Records of this process. `clock`: monotonic seconds.

    With `most_bytes` of answers no new key is taken: to drop one would break its promise.
    """

    def __init__(
        self,
        *,
        lease_seconds: float = 30,
        keep_seconds: float = _DAY,
        most_bytes: int = 256 * 1024 * 1024,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lease_seconds = lease_seconds
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._most_bytes = most_bytes
        self._records: dict[str, _Record] = {}
        # When a record may be over; it may have been renewed since, or be gone.
        self._ends: list[tuple[float, str]] = []
        self._bytes = 0

    async def claim(self, claim: Claim) -> ClaimOutcome:
        self._forget()
        record = self._records.get(claim.name)
        if record is None:
            if self._bytes >= self._most_bytes:
                raise StoreGone("this process holds as many answers as it may")
            self._lease(claim)
            return Owned()
        if record.request_hash != claim.request_hash:
            return Different()
        if record.packed is not None:
            return Finished(record.packed)
        if record.token == claim.token:
            self._lease(claim)
            return Owned()
        return Busy(record.until - self._clock())

    async def renew(self, claim: Claim) -> bool:
        if not self._is_owner(claim):
            return False
        record = self._records.get(claim.name)
        if record is None or record.packed is None:
            self._lease(claim)
        return True

    async def finish(self, claim: Claim, packed: bytes) -> bool:
        if not self._is_owner(claim):
            return False
        until = self._clock() + self._keep_seconds
        self._put(claim.name, _Record(claim.request_hash, claim.token, until, packed))
        return True

    async def release(self, claim: Claim) -> None:
        self._forget()
        record = self._records.get(claim.name)
        if record is not None and record.token == claim.token and record.packed is None:
            self._drop(claim.name)

    def _is_owner(self, claim: Claim) -> bool:
        self._forget()
        record = self._records.get(claim.name)
        return record is None or record.token == claim.token

    def _lease(self, claim: Claim) -> None:
        until = self._clock() + self.lease_seconds
        self._put(claim.name, _Record(claim.request_hash, claim.token, until))

    def _put(self, name: str, record: _Record) -> None:
        self._drop(name)
        self._records[name] = record
        self._bytes += len(record.packed or b"")
        heapq.heappush(self._ends, (record.until, name))

    def _drop(self, name: str) -> None:
        if record := self._records.pop(name, None):
            self._bytes -= len(record.packed or b"")

    def _forget(self) -> None:
        now = self._clock()
        while self._ends and self._ends[0][0] <= now:
            _, name = heapq.heappop(self._ends)
            record = self._records.get(name)
            if record is not None and record.until <= now:
                self._drop(name)
