"""Deleting what somebody has sent to be changed, once nobody needs it any more.

How far that is stands in the database, so whoever comes after a killed process goes on with it.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, text

from quantumlayer.core.database import Database
from quantumlayer.core.objects import ObjectStore
from quantumlayer.core.runs.tables import Folder


async def forget_folders(database: Database, objects: ObjectStore, unused_since: datetime) -> int:
    """How many folders were deleted: sent before, and no run that changes them ran since.

    What of them a version, another folder or a memory holds stays, and what was put again since.
    """
    async with database.nobody() as session:
        gone = await session.execute(
            text("SELECT organisation_id, folder_id, objects FROM gone_folders(:since)"),
            {"since": unused_since},
        )
        folders = gone.all()
    for organisation_id, folder_id, addresses in folders:
        for address in set(addresses) - await _needed(database, addresses):
            await objects.forget(address, unused_since)
        await _forget(database, organisation_id, folder_id)
    return len(folders)


async def _needed(database: Database, addresses: Collection[str]) -> set[str]:
    async with database.nobody() as session:
        needed = await session.scalars(
            text("SELECT * FROM needed_objects(:addresses)"), {"addresses": list(addresses)}
        )
        return set(needed)


async def _forget(database: Database, organisation_id: UUID, folder_id: UUID) -> None:
    async with database.tenant(organisation_id) as session:
        await session.execute(delete(Folder).where(Folder.id == folder_id))
