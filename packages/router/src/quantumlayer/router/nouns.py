"""What is asked of a model and what comes back: the nouns of the typed call."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from quantumlayer.router.messages import Message
from quantumlayer.router.profiles.profile import Effort

AnswerT = TypeVar("AnswerT", bound=BaseModel)


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallLimits(_Noun):
    """What one typed call may use at most, all its asking again and continuing included."""

    max_output_tokens: int = Field(default=8192, gt=0, description="of each single reply")
    max_cost_usd: Decimal = Field(default=Decimal(1), ge=0, description="of all replies together")
    timeout_seconds: float = Field(default=1200, gt=0, description="wall time, waits included")
    silence_seconds: float = Field(default=90, gt=0, description="between two pieces of a reply")
    first_token_seconds: float | None = Field(
        default=None,
        gt=0,
        description="before the first piece; None: what the model's profile says",
    )
    attempts: int = Field(default=3, gt=0, description="how often an answer may be asked for")
    continuations: int = Field(default=4, ge=0, description="of one answer that was cut off")


class CompletionRequest(_Noun):
    """A question to a model whose answer has a type.

    `input` is the typed input as JSON, for models that read no prose; language models read
    `messages`. `idempotency_key` names the effect (run, step and content): asked again with the
    same key, the stored reply is returned and nothing is paid. `effort` and `temperature` are sent
    to models that take them; None: what the model does by itself. `cache_key` names what questions
    with the same beginning have in common; None: the run. `agent` and `path` are written down with
    each call: who asks, and the one file that it is about.
    """

    task: str = Field(min_length=1, max_length=200)
    organisation_id: UUID
    run_id: UUID | None = None
    agent: str | None = Field(default=None, min_length=1, max_length=100)
    path: str | None = Field(default=None, min_length=1, max_length=1000)
    model: str = Field(min_length=1, max_length=200)
    messages: tuple[Message, ...] = Field(min_length=1)
    input: dict[str, JsonValue] = Field(default_factory=dict)
    limits: CallLimits = CallLimits()
    effort: Effort | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    cache_key: str | None = Field(default=None, max_length=200)
    idempotency_key: str = Field(min_length=1, max_length=500)


class Usage(_Noun):
    """What an answer took, whether it was bought now or came from the store.

    `priced` is false when nobody knows the model's price: then `cost_usd` is 0 and means
    "unknown". `from_store` says that no provider was asked this time; the figures then are those
    of the original replies, so summing them over repeated calls of one key would count twice.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int = Field(
        default=0, description="of the input, read from the provider's cache"
    )
    cache_written_tokens: int = Field(default=0, description="of the input, written into it")
    reasoning_tokens: int = Field(default=0, description="of the output, thoughts")
    cost_usd: Decimal
    priced: bool
    seconds: float = Field(default=0, description="while which the provider was working")
    first_token_seconds: float | None = Field(default=None, description="of the first reply")
    model: str
    provider: str
    calls: int = Field(description="replies that went into the answer, invalid ones included")
    from_store: bool


@dataclass(frozen=True, slots=True)
class Completion(Generic[AnswerT]):
    """A validated answer, what it took, and the id of the stored reply that it came from."""

    value: AnswerT
    usage: Usage
    call_id: UUID
