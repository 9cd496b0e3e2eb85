"""Keeping, listing and forgetting what an organisation remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import now
from quantumlayer.core.memories.contract import MOST_KEPT
from quantumlayer.core.memories.tables import Memory


@dataclass(frozen=True)
class MemoryRow:
    """What is kept of a run; see `Memory`."""

    title: str
    stack: str
    about: str
    requirements_object: str
    blueprint_object: str
    stubs: Mapping[str, str]


async def remember(
    session: AsyncSession, organisation_id: UUID, run_id: UUID, row: MemoryRow
) -> bool:
    """Keeps a run, once, and forgets the oldest where there are too many; False: it is kept."""
    kept = await session.execute(
        insert(Memory)
        .values(organisation_id=organisation_id, run_id=run_id, created_at=now(), **asdict(row))
        .on_conflict_do_nothing()
        .returning(Memory.run_id)
    )
    newest = (
        select(Memory.run_id)
        .where(Memory.organisation_id == organisation_id)
        .order_by(Memory.created_at.desc())
        .limit(MOST_KEPT)
    )
    await session.execute(
        delete(Memory).where(
            Memory.organisation_id == organisation_id, Memory.run_id.not_in(newest)
        )
    )
    return kept.first() is not None


async def memories_of(
    session: AsyncSession, organisation_id: UUID, *, first: int = MOST_KEPT
) -> Sequence[Memory]:
    """At most `first` of what is kept, newest first."""
    statement = select(Memory).where(Memory.organisation_id == organisation_id)
    return (await session.scalars(statement.order_by(Memory.created_at.desc()).limit(first))).all()


async def forget(session: AsyncSession, organisation_id: UUID, run_id: UUID | None = None) -> int:
    """Forgets one run, or all; how many were kept."""
    statement = delete(Memory).where(Memory.organisation_id == organisation_id)
    if run_id is not None:
        statement = statement.where(Memory.run_id == run_id)
    return len((await session.execute(statement.returning(Memory.run_id))).all())
