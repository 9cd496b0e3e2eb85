"""What a reply took, in tokens and in dollars."""

from dataclasses import dataclass
from decimal import Decimal

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
    thought = usage.reasoning_tokens or 0
    cost = usage.cost_usd
    if cost is None and price is not None:
        cost = price.cost(asked, answered, cached=cached, written=written, reasoning=thought)
    return Spent(asked, answered, cached, thought, cost)
