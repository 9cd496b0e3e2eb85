"""What tokens cost, and what a call may cost at most before it is made."""

from collections.abc import Iterable
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


class Price(BaseModel):
    """Dollars for a single token, in and out.

    `cached_usd` is for input that the provider read from its cache and `cache_written_usd` for
    what it wrote into one; None: the same as any other input.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_usd: Decimal = Field(ge=0)
    output_usd: Decimal = Field(ge=0)
    cached_usd: Decimal | None = Field(default=None, ge=0)
    cache_written_usd: Decimal | None = Field(default=None, ge=0)

    def cost(
        self, input_tokens: int, output_tokens: int, *, cached: int = 0, written: int = 0
    ) -> Decimal:
        """What the tokens cost; `cached` and `written` are parts of `input_tokens`."""
        cached = min(cached, input_tokens)
        written = min(written, input_tokens - cached)
        return (
            self.input_usd * (input_tokens - cached - written)
            + _or(self.cached_usd, self.input_usd) * cached
            + _or(self.cache_written_usd, self.input_usd) * written
            + self.output_usd * output_tokens
        )

    def most(self, input_tokens: int, output_tokens: int) -> Decimal:
        """What the tokens can cost at most, whatever is read from or written into a cache."""
        dearest = max(self.input_usd, _or(self.cache_written_usd, self.input_usd))
        return dearest * input_tokens + self.output_usd * output_tokens


def _or(price: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if price is None else price


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


def estimate_input_tokens(messages: Iterable[Message], schema: str = "") -> int:
    """An upper estimate of what the messages (and a schema in the prompt) count as input."""
    sizes = [sum(map(_size, message.parts)) for message in messages]
    size = sum(sizes) + len(schema.encode())
    return -(-size // _BYTES_PER_TOKEN) + _TOKENS_PER_MESSAGE * (len(sizes) + 1)


def _size(part: Part) -> int:
    if isinstance(part, ImagePart):
        return _IMAGE_TOKENS * _BYTES_PER_TOKEN
    words = part.arguments if isinstance(part, ToolCallPart) else part.text
    sealed = (part.sealed or "") if isinstance(part, ReasoningPart) else ""
    return len((words + sealed).encode("utf-8", "replace"))


def estimate_output_tokens(text: str) -> int:
    """An upper estimate of what a reply counts, for servers that do not say."""
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN)
