"""Sessions in which row-level security shows the rows of one organisation alone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from quantumlayer.core.database.away import FAILURES, is_database_away

_RETRY_SECONDS = 0.1


class Database:
    """A pool of connections for the application role, which owns nothing and bypasses nothing."""

    def __init__(self, url: str, *, pool_size: int = 10, patience_seconds: float = 0.0) -> None:
        """`patience_seconds`: for how long a transaction that begins waits for a server away."""
        self._patience_seconds = patience_seconds
        self._engine = create_async_engine(
            url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, pool_timeout=30
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def tenant(self, organisation_id: UUID) -> AsyncIterator[AsyncSession]:
        """One transaction on `organisation_id`'s rows alone; commits at the end."""
        async with self._begun() as session:
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
        async with self._begun() as session:
            yield session

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[AsyncSession]:
        async with self._sessions() as session, session.begin():
            await self._connect(session)
            yield session

    async def _connect(self, session: AsyncSession) -> None:
        """Nothing is lost by asking again for a connection, however long the work before took."""
        ends = time.monotonic() + self._patience_seconds
        while True:
            try:
                async with _outages():
                    await session.connection()
            except FAILURES as error:
                if not is_database_away(error) or time.monotonic() >= ends:
                    raise
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return

    async def close(self) -> None:
        """Closes every connection of the pool."""
        await self._engine.dispose()


@asynccontextmanager
async def _outages() -> AsyncIterator[None]:
    """Of a connection that does not come about, every trouble with the network is an outage."""
    try:
        yield
    except ConnectionError:
        raise
    except OSError as error:
        raise ConnectionError(f"PostgreSQL is out of reach: {error!r}") from error
