"""What a model is to the router: one asynchronous call."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from quantumlayer.router.nouns import Message

FinishReason = Literal["stop", "length", "content_filter", "refusal", "tool_calls", "other"]
AnswerForm = Literal["whole", "continuation"]


class ProviderRequest(BaseModel):
    """One call of a provider.

    `form` is `continuation` when the last assistant message was cut off and the reply must go on
    from there; constrained decoding of a whole document must then be off.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    model: str
    messages: tuple[Message, ...]
    input: dict[str, JsonValue]
    json_schema: dict[str, JsonValue]
    form: AnswerForm = "whole"
    max_output_tokens: int = Field(gt=0)
    timeout_seconds: float = Field(gt=0)


class ProviderReply(BaseModel):
    """What came back: the text as the model wrote it, and what the provider counted.

    With the reason `refusal` the text is the model's own words for why it does not answer.

    `cost_usd` is None when the provider does not know; the router then multiplies tokens by the
    price list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    finish_reason: FinishReason
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    cost_usd: Decimal | None = None
    model: str


@dataclass(frozen=True, slots=True)
class ProviderTraits:
    """What others must know of a model without knowing which it is; as given: a language model.

    `metered`: its calls cost tokens and perhaps money, so they are held against the run's budget.
    `chooses_packages`: what it wants to install is its own idea, so registries are asked about it.
    `repairs`: shown a failure or a gap, it may answer with something better.
    `guesses`: it builds whatever it is asked for as well as it can; one that does not knows what it
    can build, and refuses all else by itself.
    `canonical`: what it writes is as fixers and formatters would leave it, so none is run on it.
    """

    metered: bool = True
    chooses_packages: bool = True
    repairs: bool = True
    guesses: bool = True
    canonical: bool = False


class Provider(Protocol):
    """Answers requests for the models that it serves.

    Raises only `RouterError`s for what goes wrong outside; never retries by itself: the router
    above it does, so that every single call is accounted for.
    """

    @property
    def name(self) -> str:
        """A short name for records and bills, such as `openai`."""
        ...

    @property
    def traits(self) -> ProviderTraits:
        """What its models are like; the same for as long as the process lives."""
        ...

    async def call(self, request: ProviderRequest) -> ProviderReply:
        """Asks once. Must stop at `request.timeout_seconds` and when it is cancelled."""
        ...


class InProcessModel(Provider, Protocol):
    """A model that lives in this process, offered by a package of anyone's.

    The package names it in the entry point group `quantumlayer.models`: the entry point's name is
    the model's, its object is called without arguments and gives the model.
    """

    def warm_up(self) -> None:
        """Loads what the first run would otherwise wait for; may take seconds, in any thread."""
        ...

    def locks(self) -> tuple[str, ...]:
        """The Python lock files of what it writes, to be installed before the first run."""
        ...

    def runtime_locks(self) -> tuple[str, ...]:
        """Those of what it delivers, as they stand in images; built before the first run."""
        ...
