"""Organisations with a run each, as whoever previews what runs have made sees them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from quantumlayer.core.database import Database, migrate, new_id
from quantumlayer.core.identity.tables import Organisation, Project
from quantumlayer.core.previews.records import PreviewRecord, find_preview, record_preview
from quantumlayer.core.previews.tables import Preview
from quantumlayer.core.runs.tables import Run
from tests.support.platform import PostgresUrls


@dataclass
class Tenant:
    """An organisation with one run."""

    database: Database
    id: UUID
    run: UUID

    async def ask(self) -> Preview:
        """A preview that was just asked for."""
        async with self.database.tenant(self.id) as session:
            return await record_preview(session, self.id, self.run)

    async def row(self, preview_id: UUID) -> Preview:
        """The preview as it stands."""
        async with self.database.tenant(self.id) as session:
            found = await find_preview(session, self.id, preview_id)
        assert found is not None
        return found

    def record(self, preview: Preview) -> PreviewRecord:
        """What its holder writes."""
        return PreviewRecord(self.database, self.id, preview.id)


@asynccontextmanager
async def tenants_of(urls: PostgresUrls, number: int) -> AsyncIterator[list[Tenant]]:
    """So many organisations in one database."""
    await asyncio.to_thread(migrate, urls.owner)
    database = Database(urls.application)
    yield [await _tenant(database) for _ in range(number)]
    await database.close()


async def _tenant(database: Database) -> Tenant:
    organisation, project, run = new_id(), new_id(), new_id()
    async with database.tenant(organisation) as session:
        session.add(Organisation(id=organisation, slug=str(organisation), name="Test"))
        await session.flush()
        session.add(Project(id=project, organisation_id=organisation, slug="one", name="One"))
        await session.flush()
        session.add(
            Run(id=run, organisation_id=organisation, project_id=project, prompt="x", limits={},
                model="builtin", idempotency_key=str(run), request_hash="")
        )  # fmt: skip
    return Tenant(database, organisation, run)
