"""One request on its way: what was decided, and what has come of it so far."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from quantumlayer.gateway.dialects import Asked
from quantumlayer.gateway.http import Request
from quantumlayer.gateway.tenants import Caller
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.pricing import Price, estimate_output_tokens


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens, and dollars; `cost` is None as soon as something had no price."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    cost: Decimal | None = Decimal(0)

    def plus(self, other: "Spent") -> "Spent":
        """Both together."""
        known = self.cost is not None and other.cost is not None
        return Spent(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            (self.cost or Decimal(0)) + (other.cost or Decimal(0)) if known else None,
        )


@dataclass(slots=True)
class Call:
    """What of a request is written down in the end."""

    id: UUID
    endpoint: str
    caller: Caller
    asked: Asked
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=time.perf_counter)
    run: str | None = None
    file: str | None = None
    deployment: str | None = None
    provider: str = "none"
    attempts: int = 0
    waited: float = 0.0
    """Seconds that were the provider's."""
    first_token: float | None = None
    spent: Spent = Spent()
    cache: str = "off"
    modules: list[str] = field(default_factory=list)
    status: int = 200
    error: str | None = None
    booked: bool = False

    @classmethod
    def of(cls, request: Request, endpoint: str, caller: Caller, asked: Asked) -> Self:
        """The call that a request opens; the platform says in headers what it is for."""
        run, file = request.header(b"x-ql-run"), request.header(b"x-ql-file")
        return cls(request.id, endpoint, caller, asked, run=run, file=file)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.perf_counter() - self.started


def spent_on(gathered: Gathered, input_estimate: int, price: Price | None) -> Spent:
    """What a reply took, whole or broken off: as the provider counts, else as it is estimated.

    A provider that said nothing at all was not paid.
    """
    usage = gathered.usage
    if usage.input_tokens is None and not gathered.characters:
        return Spent()
    asked = input_estimate if usage.input_tokens is None else usage.input_tokens
    answered = usage.output_tokens
    if answered is None or gathered.finished is None:
        # Counts come with the end; of what broke off they are those of its beginning.
        seen = "".join((gathered.text, *(part.text for part in gathered.reasoning)))
        arguments = "".join(call.arguments for call in gathered.tool_calls)
        answered = max(answered or 0, estimate_output_tokens(seen + arguments + gathered.refusal))
    cached, written = usage.cached_tokens or 0, usage.cache_written_tokens or 0
    cost = usage.cost_usd
    if cost is None and price is not None:
        cost = price.cost(asked, answered, cached=cached, written=written)
    return Spent(asked, answered, cached, usage.reasoning_tokens or 0, cost)
