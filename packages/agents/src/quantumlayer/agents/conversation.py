"""An agent's way to a model: typed questions in one run's name, with what they took."""

from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, JsonValue

from quantumlayer.router import (
    CallLimits,
    Completion,
    CompletionRequest,
    Effort,
    Message,
    OnPiece,
    Usage,
)

AnswerT = TypeVar("AnswerT", bound=BaseModel)


class Completing(Protocol):
    """The router, as the agents see it."""

    async def complete(
        self,
        request: CompletionRequest,
        output: type[AnswerT],
        *,
        on_piece: OnPiece | None = None,
    ) -> Completion[AnswerT]:
        """A typed answer; see `quantumlayer.router.Router.complete`."""
        ...


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
        task: str,
        item: str,
        messages: tuple[Message, ...],
        input_: dict[str, JsonValue],
        output: type[AnswerT],
    ) -> AnswerT:
        """The model's answer to `task` for `item`; a step asked again costs nothing again."""
        completion = await self.router.complete(
            CompletionRequest(
                task=task,
                organisation_id=self.organisation_id,
                run_id=self.run_id,
                model=self.model,
                messages=messages,
                input=input_,
                limits=self.limits,
                effort=self.effort,
                temperature=self.temperature,
                idempotency_key=f"{self.run_id}/{task}/{item}",
            ),
            output,
            on_piece=self.on_piece,
        )
        self.usages.append(completion.usage)
        return completion.value
