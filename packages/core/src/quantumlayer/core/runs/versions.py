"""Versions: runs that change what another run has made, and folders that somebody has sent."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import new_id
from quantumlayer.core.runs.tables import Folder, Run


async def keep_folder(
    session: AsyncSession,
    organisation_id: UUID,
    base_object: str,
    parent_id: UUID | None,
    objects: Collection[str] = (),
) -> Folder:
    """Writes down what somebody has sent, so that nobody else can name it.

    `objects` are the addresses of its contents, which go when it goes.
    """
    folder = Folder(
        id=new_id(),
        organisation_id=organisation_id,
        base_object=base_object,
        objects=sorted(objects),
        parent_id=parent_id,
    )
    session.add(folder)
    return folder


async def find_folder(
    session: AsyncSession, organisation_id: UUID, folder_id: UUID
) -> Folder | None:
    """The folder, if the organisation has sent it and it is still kept."""
    return await session.scalar(
        select(Folder).where(
            Folder.organisation_id == organisation_id,
            Folder.id == folder_id,
            Folder.gone_at.is_(None),
        )
    )


async def versions_of(session: AsyncSession, organisation_id: UUID, run_id: UUID) -> Sequence[Run]:
    """The run, all that it goes back to, and all that goes back to the same; oldest first."""
    above = (
        select(Run.id, Run.parent_id)
        .where(Run.organisation_id == organisation_id, Run.id == run_id)
        .cte("above", recursive=True)
    )
    above = above.union(
        select(Run.id, Run.parent_id)
        .join(above, Run.id == above.c.parent_id)
        .where(Run.organisation_id == organisation_id)
    )
    family = select(above.c.id).where(above.c.parent_id.is_(None)).cte("family", recursive=True)
    family = family.union(
        select(Run.id)
        .join(family, Run.parent_id == family.c.id)
        .where(Run.organisation_id == organisation_id)
    )
    found = await session.scalars(
        select(Run)
        .where(Run.organisation_id == organisation_id, Run.id.in_(select(family.c.id)))
        .order_by(Run.id)
    )
    return found.all()


async def versions_of_each(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> dict[UUID, Sequence[Run]]:
    """The same of several runs."""
    return {one: await versions_of(session, organisation_id, one) for one in run_ids}
