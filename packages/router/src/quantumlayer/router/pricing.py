"""What tokens cost, and what a call may cost at most before it is made."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.router.messages import ImagePart, Message, Part, ReasoningPart, ToolCallPart

# English and code run at 3.5 to 4 bytes a token; other scripts need more bytes a character but
# not more tokens a byte. Three leaves a margin: a reservation should rather be too high.
_BYTES_PER_TOKEN = 3
_TOKENS_PER_MESSAGE = 8
# What a large picture counts with the providers that say: about 1,600 at most.
_IMAGE_TOKENS = 1_600


class Rates(BaseModel):
    """Dollars for a single token, in and out.

    `cached_usd` is for input that the provider read from its cache and `cache_written_usd` for
    what it wrote into one; None: the same as any other input. `reasoning_usd` is for thoughts;
    None: the same as any other output.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_usd: Decimal = Field(ge=0)
    output_usd: Decimal = Field(ge=0)
    cached_usd: Decimal | None = Field(default=None, ge=0)
    cache_written_usd: Decimal | None = Field(default=None, ge=0)
    reasoning_usd: Decimal | None = Field(default=None, ge=0)

    @property
    def dearest_input_usd(self) -> Decimal:
        """What a token of input costs at most; what is read from a cache may be any other."""
        return max(self.input_usd, _or(self.cache_written_usd, self.input_usd))

    @property
    def dearest_output_usd(self) -> Decimal:
        """What a token of output costs at most."""
        return max(self.output_usd, _or(self.reasoning_usd, self.output_usd))


class Tier(Rates):
    """What every token of a call costs, in and out, whose prompt has `from_tokens` or more."""

    from_tokens: int = Field(gt=0)


class Price(Rates):
    """What a model's tokens cost; its own rates are those of prompts that no tier begins at."""

    tiers: tuple[Tier, ...] = ()

    def cost(
        self,
        input_tokens: int,
        output_tokens: int,
        *,
        cached: int = 0,
        written: int = 0,
        reasoning: int = 0,
    ) -> Decimal:
        """What the tokens cost.

        `cached` and `written` are parts of `input_tokens`, `reasoning` is one of `output_tokens`.
        """
        rates = self._rates(input_tokens)
        cached = min(cached, input_tokens)
        written = min(written, input_tokens - cached)
        reasoning = min(reasoning, output_tokens)
        return (
            rates.input_usd * (input_tokens - cached - written)
            + _or(rates.cached_usd, rates.input_usd) * cached
            + _or(rates.cache_written_usd, rates.input_usd) * written
            + rates.output_usd * (output_tokens - reasoning)
            + _or(rates.reasoning_usd, rates.output_usd) * reasoning
        )

    def most(self, input_tokens: int, output_tokens: int) -> Decimal:
        """What a call can cost at most whose prompt has up to so many tokens.

        Whatever is read from or written into a cache, and in whichever tier the prompt ends.
        """
        return max(
            rates.dearest_input_usd * input_tokens + rates.dearest_output_usd * output_tokens
            for rates in (self, *self._reached(input_tokens))
        )

    def _rates(self, input_tokens: int) -> Rates:
        """Those of the highest tier that a prompt reaches."""
        return max(self._reached(input_tokens), key=lambda tier: tier.from_tokens, default=self)

    def _reached(self, input_tokens: int) -> list[Tier]:
        return [tier for tier in self.tiers if tier.from_tokens <= input_tokens]


def _or(price: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if price is None else price


def dearest(prices: Sequence[Price]) -> Price:
    """A price by which no call costs less than by any of these, of which there is one at least."""
    asked = max(price.dearest_input_usd for price in prices)
    answered = max(price.dearest_output_usd for price in prices)
    tiers = (
        Tier(
            from_tokens=tier.from_tokens,
            input_usd=max(asked, tier.dearest_input_usd),
            output_usd=max(answered, tier.dearest_output_usd),
        )
        for price in prices
        for tier in price.tiers
    )
    return Price(input_usd=asked, output_usd=answered, tiers=tuple(tiers))


FREE = Price(input_usd=Decimal(0), output_usd=Decimal(0))


class PriceList(Protocol):
    """Knows prices by model name; None where nobody knows, which is never taken for free."""

    async def price(self, model: str) -> Price | None: ...


class FixedPrices:
    """Prices that were written down: `FixedPrices({"openai/gpt-x": Price(…)})`."""

    def __init__(self, prices: dict[str, Price]) -> None:
        self._prices = dict(prices)

    async def price(self, model: str) -> Price | None:
        return self._prices.get(model)


def estimate_tokens(size: int) -> int:
    """An upper estimate of what `size` bytes of text count."""
    return -(-size // _BYTES_PER_TOKEN)


def estimate_input_tokens(messages: Iterable[Message], schema: str = "") -> int:
    """An upper estimate of what the messages (and a schema in the prompt) count as input."""
    sizes = [sum(map(_size, message.parts)) for message in messages]
    size = sum(sizes) + len(schema.encode())
    return estimate_tokens(size) + _TOKENS_PER_MESSAGE * (len(sizes) + 1)


def _size(part: Part) -> int:
    if isinstance(part, ImagePart):
        return _IMAGE_TOKENS * _BYTES_PER_TOKEN
    words = part.arguments if isinstance(part, ToolCallPart) else part.text
    sealed = (part.sealed or "") if isinstance(part, ReasoningPart) else ""
    return len((words + sealed).encode("utf-8", "replace"))


def estimate_output_tokens(text: str) -> int:
    """An upper estimate of what a reply counts, for servers that do not say."""
    return estimate_tokens(len(text.encode("utf-8", "replace")))
