"""An agent's way to a model: typed questions in one run's name, with what they took."""

from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, JsonValue

from quantumlayer.router import (
    AnswerFormat,
    CallLimits,
    Completion,
    CompletionRequest,
    Effort,
    Message,
    OnPiece,
    Profile,
    ToolDefinition,
    Turn,
    Usage,
)

AnswerT = TypeVar("AnswerT", bound=BaseModel)


class Completing(Protocol):
    """The router, as the agents see it."""

    async def complete(
        self,
        request: CompletionRequest,
        output: type[AnswerT] | AnswerFormat[AnswerT],
        *,
        on_piece: OnPiece | None = None,
    ) -> Completion[AnswerT]:
        """A typed answer; see `quantumlayer.router.Router.complete`."""
        ...

    async def turn(
        self,
        request: CompletionRequest,
        tools: tuple[ToolDefinition, ...] = (),
        *,
        on_piece: OnPiece | None = None,
    ) -> Turn:
        """A message with calls of tools; see `quantumlayer.router.Router.turn`."""
        ...

    async def profile(self, model: str) -> Profile:
        """What a model can and wants."""
        ...


AgentName = Literal[
    "analyst", "architect", "generator", "tester", "repairer", "integrator", "reviewer"
]


@dataclass(frozen=True)
class Step:
    """What an agent asks: its `task` for one `item`, which together name the question in its run.

    `path` is the one file that the answer is to be about; None where it is about more.
    """

    agent: AgentName
    task: str
    item: str
    path: str | None = None


@dataclass
class Conversation:
    """Asks the run's model; `usages` grows by one for every answer.

    `on_piece` is told of every piece of a reply while it comes.
    """

    router: Completing
    organisation_id: UUID
    run_id: UUID
    model: str
    limits: CallLimits = field(default_factory=CallLimits)
    effort: Effort | None = None
    temperature: float | None = None
    on_piece: OnPiece | None = None
    usages: list[Usage] = field(default_factory=list)

    async def ask(
        self,
        step: Step,
        messages: tuple[Message, ...],
        input_: dict[str, JsonValue],
        output: type[AnswerT] | AnswerFormat[AnswerT],
    ) -> AnswerT:
        """The model's answer to a step; one that is asked again costs nothing again."""
        completion = await self.router.complete(
            self._request(step, messages, input_), output, on_piece=self.on_piece
        )
        self.usages.append(completion.usage)
        return completion.value

    async def turn(
        self, step: Step, messages: tuple[Message, ...], tools: tuple[ToolDefinition, ...] = ()
    ) -> Turn:
        """The model's next message in a conversation, with the calls of `tools` that it makes."""
        turn = await self.router.turn(
            self._request(step, messages, {}), tools, on_piece=self.on_piece
        )
        self.usages.append(turn.usage)
        return turn

    def _request(
        self, step: Step, messages: tuple[Message, ...], input_: dict[str, JsonValue]
    ) -> CompletionRequest:
        return CompletionRequest(
            task=step.task,
            organisation_id=self.organisation_id,
            run_id=self.run_id,
            agent=step.agent,
            path=step.path,
            model=self.model,
            messages=messages,
            input=input_,
            limits=self.limits,
            effort=self.effort,
            temperature=self.temperature,
            idempotency_key=f"{self.run_id}/{step.task}/{step.item}",
        )
