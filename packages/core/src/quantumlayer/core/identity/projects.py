"""Projects: collections of runs, made when they are first named."""

import re
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import new_id, now
from quantumlayer.core.identity.tables import Project

DEFAULT_PROJECT = "default"
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def is_project_slug(text: str) -> bool:
    """Whether `text` can name a project: 1 to 63 of a-z, 0-9 and inner hyphens."""
    return _SLUG.fullmatch(text) is not None


async def ensure_project(session: AsyncSession, organisation_id: UUID, slug: str) -> UUID:
    """The id of the project called `slug`, made now if it is new."""
    # A look first: in all but the first run the project is there, and reading locks nothing.
    known = select(Project.id).where(
        Project.organisation_id == organisation_id, Project.slug == slug
    )
    found = await session.scalar(known)
    if found is not None:
        return found
    await session.execute(
        insert(Project)
        .values(
            id=new_id(),
            organisation_id=organisation_id,
            slug=slug,
            name=slug.replace("-", " ").capitalize(),
            created_at=now(),
        )
        .on_conflict_do_nothing()
    )
    return (await session.scalars(known)).one()


async def all_projects(session: AsyncSession, organisation_id: UUID) -> Sequence[Project]:
    """Every project, by name."""
    rows = await session.scalars(
        select(Project)
        .where(Project.organisation_id == organisation_id)
        .order_by(Project.name, Project.id)
    )
    return rows.all()


async def projects_by_id(
    session: AsyncSession, organisation_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Project]:
    """Those of `ids` that exist."""
    rows = await session.scalars(
        select(Project).where(Project.organisation_id == organisation_id, Project.id.in_(ids))
    )
    return {row.id: row for row in rows}
