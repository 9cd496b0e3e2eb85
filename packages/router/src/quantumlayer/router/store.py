"""Where calls are written down: the protocol between the router and its memory.

The life of a call: `claim` looks for a stored reply under its idempotency key and, when there is
none, reserves the most that the call may cost; the provider is asked; `complete` stores the reply
before anybody uses it, or `fail` says why there is none. While a reply comes, `keep` writes down
what is there of it. Whoever dies in between leaves a claim whose lease runs out; the next claim of
the same key, or one that finds the run's budget used up, releases it: what was kept of its reply is
paid for, and stands from then on as a reply that broke off.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol
from uuid import UUID

from quantumlayer.router.deltas import FinishReason

CallState = Literal["reserved", "completed", "broken", "failed"]

COUNTED = (
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "cache_written_tokens",
    "reasoning_tokens",
    "cost_usd",
    "priced",
    "model",
    "duration_ms",
    "first_token_ms",
)
"""What a reply, its call's row and its line in the log name alike."""
ABANDONED = "abandoned: its process did not finish it"
SUPERSEDED = "superseded: its lease ran out while it worked, and another call took its place"


@dataclass(frozen=True, slots=True)
class Amount:
    """Money and tokens, reserved or spent."""

    usd: Decimal
    tokens: int

    def is_nothing(self) -> bool:
        return self.usd == 0 and self.tokens == 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish for the `answered`-th reply (from zero) of an idempotency key.

    `may_buy` is false when only a stored reply will do, because the call itself is limited to
    less than a new reply could cost. `agent` asks, and `path` is the one file that it is about.
    """

    organisation_id: UUID
    run_id: UUID | None
    idempotency_key: str
    request_hash: str
    task: str
    model: str
    provider: str
    answered: int
    reserve: Amount
    may_buy: bool = True
    agent: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A provider's reply as it was stored; without a reason to end it broke off.

    `input_tokens` includes `cached_tokens` and `cache_written_tokens`, `output_tokens` includes
    `reasoning_tokens`.
    """

    call_id: UUID
    text: str
    finish_reason: FinishReason | None
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    priced: bool
    model: str
    provider: str
    duration_ms: int
    cached_tokens: int = 0
    cache_written_tokens: int = 0
    reasoning_tokens: int = 0
    first_token_ms: int | None = None

    @property
    def broken(self) -> bool:
        """Whether it never came to its end: its text is a beginning, paid for all the same."""
        return self.finish_reason is None


@dataclass(frozen=True, slots=True)
class Granted:
    """The provider may be asked; the result belongs to `call_id`."""

    call_id: UUID


@dataclass(frozen=True, slots=True)
class Replayed:
    """Replies that are stored already, from the wanted one on, in their order; broken ones too."""

    replies: tuple[StoredReply, ...]


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody alive is asking the provider under the same key just now."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend, what is spent, and what is held back for calls in flight."""

    limit_usd: Decimal | None
    limit_tokens: int | None
    spent: Amount
    reserved: Amount


@dataclass(frozen=True, slots=True)
class Refused:
    """The reservation does not fit into the run's budget (None: it has none) or may not be."""

    budget: Budget | None


ClaimOutcome = Granted | Replayed | Busy | Refused


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One row of the log of calls, without the reply's text."""

    call_id: UUID
    run_id: UUID | None
    idempotency_key: str
    ordinal: int
    task: str
    model: str
    provider: str
    state: CallState
    finish_reason: FinishReason | None
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    priced: bool
    reserved: Amount
    duration_ms: int | None
    error: str | None
    created_at: datetime
    cached_tokens: int = 0
    cache_written_tokens: int = 0
    reasoning_tokens: int = 0
    first_token_ms: int | None = None
    agent: str | None = None
    path: str | None = None

    @property
    def of_unknown_price(self) -> bool:
        """Whether it took something, and nobody knows what that costs."""
        took = self.state in {"completed", "broken"} or self.input_tokens + self.output_tokens > 0
        return took and not self.priced


class CallStore(Protocol):
    """Remembers calls and keeps budgets; every method is one atomic step."""

    @property
    def lease_seconds(self) -> float:
        """How long a claim lives without being renewed."""
        ...

    async def open_budget(
        self,
        organisation_id: UUID,
        run_id: UUID,
        *,
        limit_usd: Decimal | None,
        limit_tokens: int | None = None,
    ) -> None:
        """Gives a run its limits (None: unlimited); called again it changes the limits alone."""
        ...

    async def budget(self, organisation_id: UUID, run_id: UUID) -> Budget | None:
        """The run's budget as it stands, None when none was opened."""
        ...

    async def claim(self, claim: Claim) -> ClaimOutcome:
        """Finds the stored reply or reserves a call; raises `IdempotencyConflict`."""
        ...

    async def renew(self, organisation_id: UUID, call_id: UUID) -> None:
        """Keeps a claim alive for another `lease_seconds`."""
        ...

    async def keep(self, organisation_id: UUID, partial: StoredReply) -> None:
        """Writes down what has come of a reply so far, and keeps its claim alive.

        Nothing is settled by it; of a claim that was given away nothing is kept.
        """
        ...

    async def complete(
        self, organisation_id: UUID, reply: StoredReply, *, error: str | None = None
    ) -> bool:
        """Stores the reply, whole or broken off (then `error` says why), and settles its cost.

        False when the claim had been given away meanwhile: the cost counts all the same, the
        reply is not to be used.
        """
        ...

    async def fail(
        self, organisation_id: UUID, call_id: UUID, *, error: str, duration_ms: int
    ) -> None:
        """Writes down why a call gave no reply, and releases what was reserved for it.

        What was kept of one is settled, as `claim` does it for the dead.
        """
        ...

    async def calls(self, organisation_id: UUID, run_id: UUID) -> tuple[CallRecord, ...]:
        """Every call of a run, oldest first."""
        ...


def counts_of(reply: StoredReply) -> dict[str, Any]:
    """What a reply took, by name; nothing of what it says."""
    return {name: getattr(reply, name) for name in COUNTED}


def conflict_message(claim: Claim) -> str:
    """What to tell whoever uses one idempotency key for two questions."""
    return (
        f"the idempotency key {claim.idempotency_key!r} was used for another question "
        "(task, model, messages, input or answer type differ); give each question its own key"
    )
