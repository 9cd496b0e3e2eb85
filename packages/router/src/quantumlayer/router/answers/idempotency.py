"""The promise of an Idempotency-Key: answered once, replayed afterwards, never paid twice.

The outcomes for another request under the key (422) and for one that is under way (409) are those
of the IETF draft "The Idempotency-Key HTTP Header Field".
"""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from quantumlayer.router.answers.claims import (
    Busy,
    Claim,
    Different,
    Finished,
    IdempotencyStore,
    Owned,
    StoreGone,
)
from quantumlayer.router.answers.late_finishes import LateFinishes
from quantumlayer.router.answers.nouns import Answer
from quantumlayer.router.answers.ownership import ANSWERED_NOT_KEPT, Ownership
from quantumlayer.router.answers.packing import UnreadableAnswer, unpack_aside
from quantumlayer.router.errors import RouterError
from quantumlayer.router.leases import Leases

_FIRST_LOOK_SECONDS = 0.05
_LONGEST_LOOK_SECONDS = 1.0


class IdempotencyUnavailable(RouterError):  # noqa: N818 - the name says what happened
    """The promise cannot be given now, so nothing was asked of a provider."""

    retryable = True


@dataclass(frozen=True, slots=True)
class Replayed:
    """The answer of the first request, whether or not its client ever got it."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class InProgress:
    """The first request is still being answered (as HTTP 409); ask again after so many seconds."""

    retry_after: float


@dataclass(frozen=True, slots=True)
class Conflict:
    """The key was used for another request (as HTTP 422)."""


@dataclass(frozen=True, slots=True)
class NotKept:
    """It was answered, and the answer was too large to be kept (as HTTP 409): use another key."""


Beginning = Ownership | Replayed | InProgress | Conflict | NotKept


class Idempotency:
    """Begins requests that carry a key; `most_bytes` bounds each answer that is kept."""

    def __init__(
        self,
        store: IdempotencyStore,
        *,
        most_bytes: int = 32 * 1024 * 1024,
        late: LateFinishes | None = None,
        leases: Leases | None = None,
    ) -> None:
        self._store = store
        self._most_bytes = most_bytes
        self._late = late or LateFinishes()
        self._leases = leases or Leases()

    async def begin(
        self, organisation_id: UUID, key: str, request_hash: str, *, wait_seconds: float = 0
    ) -> Beginning:
        """Makes the caller the key's owner, or says what became of the request that came first.

        Waits up to `wait_seconds` for a request that is under way; should its owner die meanwhile,
        the key passes on. Raises `IdempotencyUnavailable` where the store is gone.
        """
        claim = Claim.of(organisation_id, key, request_hash)
        deadline = asyncio.get_running_loop().time() + wait_seconds
        pause = _FIRST_LOOK_SECONDS
        while isinstance(beginning := await self._try(claim), InProgress):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_LOOK_SECONDS)
        return beginning

    async def close(self) -> None:
        """Waits for answers that are still to be kept."""
        await self._late.drain()

    async def _try(self, claim: Claim) -> Beginning:
        try:
            outcome = await self._store.claim(claim)
        except StoreGone as error:
            raise IdempotencyUnavailable(
                f"the Idempotency-Key cannot be honoured now, so nothing was done ({error}); "
                "try again, or send the request without a key"
            ) from error
        match outcome:
            case Owned():
                return Ownership(
                    self._store,
                    claim,
                    most_bytes=self._most_bytes,
                    late=self._late,
                    leases=self._leases,
                )
            case Busy(seconds):
                return InProgress(min(max(seconds, 0.1), _LONGEST_LOOK_SECONDS))
            case Different():
                return Conflict()
            case Finished(packed):
                return await self._replay(claim, packed)

    async def _replay(self, claim: Claim, packed: bytes) -> Replayed | NotKept:
        if packed == ANSWERED_NOT_KEPT:
            return NotKept()
        # What was kept may be read: the header and sizes come on top of what was allowed.
        room = 2 * self._most_bytes + 1024 * 1024
        try:
            return Replayed(await unpack_aside(claim.name, packed, room))
        except UnreadableAnswer as error:
            raise IdempotencyUnavailable(f"the kept answer cannot be read: {error}") from error
