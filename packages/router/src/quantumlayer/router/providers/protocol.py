"""What a model is to the router: a question that is answered piece by piece."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from quantumlayer.router.deltas import Delta, FinishReason
from quantumlayer.router.messages import Message, ToolDefinition
from quantumlayer.router.profiles.profile import Effort

AnswerForm = Literal["whole", "continuation"]


class ToolChoice(BaseModel):
    """Whether tools may, must or must not be called; `name` is the one that must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["auto", "none", "required"] = "auto"
    name: str | None = None
    parallel: bool = True


class ProviderRequest(BaseModel):
    """One call of a provider.

    `json_schema` is None where the answer is plain text. `form` is `continuation` when the last
    assistant message was cut off and the reply must go on from there; constrained decoding of a
    whole document must then be off. `timeout_seconds` is for the whole reply, `silence_seconds`
    between two pieces of it, `first_token_seconds` before the first one (None: what the model's
    profile says). `cache_key` names what requests with the same beginning have in common. `trace`
    are headers that name the call to whoever traces it, `run` is the run in whose name it is asked,
    for whoever accounts for it: neither is a part of the question.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    model: str
    messages: tuple[Message, ...]
    input: dict[str, JsonValue]
    json_schema: dict[str, JsonValue] | None
    form: AnswerForm = "whole"
    tools: tuple[ToolDefinition, ...] = ()
    tool_choice: ToolChoice | None = None
    max_output_tokens: int = Field(gt=0)
    effort: Effort | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    cache_key: str | None = None
    timeout_seconds: float = Field(gt=0)
    silence_seconds: float = Field(default=90, gt=0)
    first_token_seconds: float | None = Field(default=None, gt=0)
    trace: dict[str, str] = Field(default={}, exclude=True)
    run: str | None = Field(default=None, exclude=True)


class ProviderReply(BaseModel):
    """What a model of this process answers: its text, and what it counted.

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
    `takes_stacks`: shown the starter of a stack, it builds on it; one that does not plans all by
    itself.
    `canonical`: what it writes is as fixers and formatters would leave it, so none is run on it.
    `revises`: shown what exists, it can change it; one that does not makes all of it anew.
    """

    metered: bool = True
    chooses_packages: bool = True
    repairs: bool = True
    guesses: bool = True
    takes_stacks: bool = True
    canonical: bool = False
    revises: bool = True


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

    def stream(self, request: ProviderRequest) -> AsyncIterator[Delta]:
        """Asks once and gives the reply's pieces as they come.

        Must stop at the request's time limits, when it is cancelled and when it is closed. Pieces
        that were given before an error stay valid: they were paid for.
        """
        ...


class AnsweringModel(Protocol):
    """A model of this process: it answers a whole question at once."""

    @property
    def name(self) -> str:
        """A short name for records and bills."""
        ...

    @property
    def traits(self) -> ProviderTraits:
        """What it is like; the same for as long as the process lives."""
        ...

    async def call(self, request: ProviderRequest) -> ProviderReply:
        """Answers once. Must stop at `request.timeout_seconds` and when it is cancelled."""
        ...


class InProcessModel(AnsweringModel, Protocol):
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
