"""What a form of answers is to the router."""

from typing import Protocol, TypeVar

from pydantic import BaseModel, JsonValue

from quantumlayer.router.messages import Message

AnswerT_co = TypeVar("AnswerT_co", bound=BaseModel, covariant=True)


class AnswerProblemError(ValueError):
    """Why a text is not the answer wanted, said so that a model can mend it."""


class AnswerFormat(Protocol[AnswerT_co]):
    """A form of answers: text in, a typed value out, and what to say where the text will not do.

    A reply's `finish_reason` proves nothing, so the text alone tells whether it is whole. All
    methods but `said` are given what `said` left of a reply.
    """

    @property
    def name(self) -> str:
        """What the form is, in words that no other form has: a part of the question's hash."""
        ...

    @property
    def schema(self) -> dict[str, JsonValue] | None:
        """The JSON schema that a provider may hold the model to; None for plain text."""
        ...

    def said(self, text: str) -> str:
        """`text` without the model's thoughts; what the answer itself says is not touched."""
        ...

    def is_begun(self, text: str) -> bool:
        """Whether an answer begins in `text`, ended or not."""
        ...

    def is_complete(self, text: str) -> bool:
        """Whether all that was asked for stands in `text` to its end, valid or not."""
        ...

    def is_cut_off(self, text: str) -> bool:
        """Whether something begins in `text` and does not end."""
        ...

    def read(self, text: str) -> AnswerT_co:
        """The answer; raises `AnswerProblemError`."""
        ...

    def asked_again(
        self, messages: tuple[Message, ...], answer: str, problem: str
    ) -> tuple[Message, ...]:
        """The conversation that shows the model its latest `answer` and what is wrong with it.

        Only the latest: a history of failures costs tokens and teaches the model to fail.
        """
        ...

    def together(self, earlier: str, later: str) -> str:
        """What an answer and the one that was asked for after it say in all."""
        ...

    def stitch(self, partial: str, continuation: str) -> str:
        """The text that a part that was cut off and the reply that goes on from it make."""
        ...
