"""Who answers under an idempotency key: the protocol of its stores.

The life of a key: the first `claim` owns it for a lease, which its owner renews; `finish` keeps the
answer for a day, `release` frees the key at once, and an owner that died frees it when its lease
runs out. Every method is one atomic step, judged by the store's own time.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class Claim:
    """One try to answer a request under a client's key.

    The `token` is the claimant's own: a claim whose confirmation was lost may be sent again.
    """

    organisation_id: UUID
    key: str
    request_hash: str
    token: str

    @classmethod
    def of(cls, organisation_id: UUID, key: str, request_hash: str) -> "Claim":
        """A claim with a token of its own."""
        return cls(organisation_id, key, request_hash, uuid4().hex)

    @property
    def name(self) -> str:
        """Where the key's record lies; in braces what a Redis cluster hashes."""
        return f"idempotency:{{{self.organisation_id}}}:{sha256(self.key.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Owned:
    """The claimant answers, and renews its lease meanwhile."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else is at it; the lease ends in so many seconds unless it is renewed."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Different:
    """The key was used for another request."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer as its owner packed it."""

    packed: bytes


ClaimOutcome = Owned | Busy | Different | Finished


class IdempotencyStore(Protocol):
    """Keeps the promise. Raises `StoreGone` where it cannot: a promise must not be guessed."""

    @property
    def lease_seconds(self) -> float:
        """How long a claim lives without being renewed."""
        ...

    async def claim(self, claim: Claim) -> ClaimOutcome:
        """Takes the key, or says what stands in the way."""
        ...

    async def renew(self, claim: Claim) -> bool:
        """Another lease; False when the key belongs to somebody else by now.

        A record that was lost with its server is made again: its owner is alive and at work.
        """
        ...

    async def finish(self, claim: Claim, packed: bytes) -> bool:
        """Keeps the answer; False when the key belongs to somebody else by now."""
        ...

    async def release(self, claim: Claim) -> None:
        """Frees the key, if it is still the claimant's and unanswered."""
        ...


class StoreGone(Exception):  # noqa: N818 - the name says what happened
    """The store could not be asked."""
