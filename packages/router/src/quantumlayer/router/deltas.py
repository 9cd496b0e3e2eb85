"""What comes back from a model, piece by piece, whatever its provider's wire looks like."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

FinishReason = Literal["stop", "length", "content_filter", "refusal", "tool_calls", "other"]


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """What the provider counted; None where it did not say.

    `cost_usd` is for those that name a price themselves and not only counts.
    `input_tokens` includes what was read from a cache (`cached_tokens`) and written into one
    (`cache_written_tokens`); `output_tokens` includes `reasoning_tokens`.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cache_written_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of a thought; a `signature` closes it, `sealed` is a whole thought of its own."""

    text: str = ""
    signature: str | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True)
class RefusalDelta:
    """More of the words in which the model says that it will not answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """More of the `index`-th call; `id`, `name`, `signature` come once, `arguments` in pieces."""

    index: int
    id: str | None = None
    name: str | None = None
    arguments: str = ""
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class UsageDelta:
    """What was counted so far; a later one wins where it says something."""

    usage: TokenUsage


@dataclass(frozen=True, slots=True)
class Named:
    """Which model answers, in the provider's words, and the reply's id."""

    model: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The provider says that the reply is over, and why; `said` is its own word for it."""

    reason: FinishReason
    said: str = ""


@dataclass(frozen=True, slots=True)
class Alive:
    """A sign of life without content: a ping, a comment, an empty piece."""


Delta = (
    TextDelta
    | ReasoningDelta
    | RefusalDelta
    | ToolCallDelta
    | UsageDelta
    | Named
    | Finished
    | Alive
)
