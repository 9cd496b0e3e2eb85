"""What a run asks about a wish that no stack serves, and what was decided."""

from datetime import datetime

import strawberry

from quantumlayer.api.graphql.types.scalars import WishDecision
from quantumlayer.core.runs import questions


@strawberry.type(description="A wish that no stack serves: what is nearest, and what was decided.")
class Question:
    """A wish that no stack serves."""

    words: list[str] = strawberry.field(description="What no stack serves, as it was said.")
    nearest: str = strawberry.field(description="The name of the nearest stack.")
    title: str = strawberry.field(description="The nearest stack, for people.")
    wait_seconds: int = strawberry.field(description="How long it waits; 0: nobody is asked.")
    until: datetime = strawberry.field(description="When the nearest is taken without an answer.")
    decision: WishDecision | None = strawberry.field(description="Null until it is decided.")
    by_default: bool = strawberry.field(description="Whether the time has decided, and nobody.")

    @classmethod
    def of(cls, asked: questions.Question) -> "Question":
        """A question as clients see it."""
        return cls(
            words=list(asked.words),
            nearest=asked.nearest,
            title=asked.title,
            wait_seconds=asked.wait_seconds,
            until=asked.until,
            decision=WishDecision(asked.decision.value) if asked.decision else None,
            by_default=asked.by_default,
        )
