"""What tokens cost, and what a call may cost at most before it is made."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.router.nouns import Message

# English and code run at 3.5 to 4 bytes a token; other scripts need more bytes a character but
# not more tokens a byte. Three leaves a margin: a reservation should rather be too high.
_BYTES_PER_TOKEN = 3
_TOKENS_PER_MESSAGE = 8


class Price(BaseModel):
    """Dollars for a single token, in and out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_usd: Decimal = Field(ge=0)
    output_usd: Decimal = Field(ge=0)

    def cost(self, input_tokens: int, output_tokens: int) -> Decimal:
        return self.input_usd * input_tokens + self.output_usd * output_tokens


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
    sizes = [len(message.content.encode("utf-8", "replace")) for message in messages]
    size = sum(sizes) + len(schema.encode())
    return -(-size // _BYTES_PER_TOKEN) + _TOKENS_PER_MESSAGE * (len(sizes) + 1)


def estimate_output_tokens(text: str) -> int:
    """An upper estimate of what a reply counts, for servers that do not say."""
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN)
