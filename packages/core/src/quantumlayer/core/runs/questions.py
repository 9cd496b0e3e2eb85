"""What a run asks whoever started it: a wish that no stack serves, and what was decided of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.events import EventType
from quantumlayer.core.runs.contract import WishDecision
from quantumlayer.core.runs.tables import RunEvent

_TOLD = (EventType.WISH_UNSERVED.value, EventType.WISH_DECIDED.value)


@dataclass(frozen=True)
class Question:
    """What no stack serves of a run's wish, what is nearest, and what was decided.

    `sequence` is the number of the event that asks. Whoever started the run may answer within
    `wait_seconds` of `asked_at`, and where that is 0 nobody was asked; `decision` is None until it
    is taken, and `by_default` tells whether the time took it.
    """

    words: tuple[str, ...]
    nearest: str
    title: str
    asked_at: datetime
    wait_seconds: int
    sequence: int
    decision: WishDecision | None = None
    by_default: bool = False

    @property
    def until(self) -> datetime:
        """When the default is taken."""
        return self.asked_at + timedelta(seconds=self.wait_seconds)

    def seconds_left(self, moment: datetime) -> float:
        """How long there still is to answer; 0 when the time is over."""
        return max(0.0, (self.until - moment).total_seconds())


async def questions_of(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> dict[UUID, Question]:
    """The question of each run that has asked one."""
    rows = await session.scalars(
        select(RunEvent)
        .where(
            RunEvent.organisation_id == organisation_id,
            RunEvent.run_id.in_(run_ids),
            RunEvent.type.in_(_TOLD),
        )
        .order_by(RunEvent.sequence)
    )
    questions: dict[UUID, Question] = {}
    for row in rows:
        if row.type == EventType.WISH_UNSERVED.value:
            questions[row.run_id] = _asked(row)
        elif (asked := questions.get(row.run_id)) is not None:
            questions[row.run_id] = _decided(asked, row)
    return questions


def _asked(row: RunEvent) -> Question:
    return Question(
        words=tuple(str(word) for word in row.data["words"]),
        nearest=str(row.data["nearest"]),
        title=str(row.data["title"]),
        asked_at=row.created_at,
        wait_seconds=int(row.data["waitSeconds"]),
        sequence=row.sequence,
    )


def _decided(asked: Question, row: RunEvent) -> Question:
    return replace(
        asked,
        decision=WishDecision(row.data["decision"]),
        by_default=row.data["by"] == "default",
    )
