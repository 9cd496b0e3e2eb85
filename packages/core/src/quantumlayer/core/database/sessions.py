"""Sessions in which row-level security shows the rows of one organisation alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


class Database:
    """A pool of connections for the application role, which owns nothing and bypasses nothing."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self._engine = create_async_engine(
            url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, pool_timeout=30
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def tenant(self, organisation_id: UUID) -> AsyncIterator[AsyncSession]:
        """One transaction on `organisation_id`'s rows alone; commits at the end."""
        async with self._sessions() as session, session.begin():
            await session.execute(
                text("SELECT set_config('app.organisation_id', :organisation, true)"),
                {"organisation": str(organisation_id)},
            )
            yield session

    @asynccontextmanager
    async def nobody(self) -> AsyncIterator[AsyncSession]:
        """One transaction in no organisation's name: it sees no tenant's row at all.

        For what comes before the tenant is known: health checks and the database's own functions
        that look a credential up by its hash.
        """
        async with self._sessions() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Closes every connection of the pool."""
        await self._engine.dispose()
