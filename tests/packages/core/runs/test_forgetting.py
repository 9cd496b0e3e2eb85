"""Folders that were sent go when nobody needs them; what others hold of the same stays."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from quantumlayer.core.database import now
from quantumlayer.core.objects import FolderObjectStore, ObjectMissing
from quantumlayer.core.runs.forgetting import forget_folders
from quantumlayer.core.runs.tables import Folder, Run, RunFile
from quantumlayer.core.runs.versions import find_folder, keep_folder
from tests.support.platform import PostgresUrls
from tests.support.tenants import Tenant, tenants_of

# All that a test puts was put before this, as seen a day later.
LATER = timedelta(days=1)


@pytest_asyncio.fixture
async def tenants(postgres_urls: PostgresUrls) -> AsyncIterator[tuple[Tenant, Tenant]]:
    """Two organisations in one database."""
    async with tenants_of(postgres_urls, 2) as (one, other):
        yield one, other


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjectStore:
    """An empty store."""
    return FolderObjectStore(tmp_path)


async def sent(tenant: Tenant, objects: FolderObjectStore, *contents: bytes) -> Folder:
    """A folder of these files."""
    base = await objects.put(b"base of " + b", ".join(contents))
    addresses = [await objects.put(content) for content in contents]
    async with tenant.database.tenant(tenant.id) as session:
        return await keep_folder(session, tenant.id, base, None, addresses)


async def known(tenant: Tenant, folder: Folder) -> bool:
    """Whether a run could begin on it."""
    async with tenant.database.tenant(tenant.id) as session:
        return await find_folder(session, tenant.id, folder.id) is not None


async def stored(objects: FolderObjectStore, *addresses: str) -> list[bool]:
    """Of each whether it is there."""
    found = []
    for address in addresses:
        try:
            found.append(await objects.size(address) > 0)
        except ObjectMissing:
            found.append(False)
    return found


def left_in(folder: Path) -> list[Path]:
    """Every file in it, whatever it is called."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def change_run(tenant: Tenant, **values: object) -> None:
    """Writes into the row of the organisation's run."""
    async with tenant.database.tenant(tenant.id) as session:
        run = await session.get_one(Run, tenant.run)
        for name, value in values.items():
            setattr(run, name, value)


async def test_what_nobody_began_a_run_on_is_kept_for_a_while_and_then_deleted(
    tenants: tuple[Tenant, Tenant], objects: FolderObjectStore
) -> None:
    one, _ = tenants
    folder = await sent(one, objects, b"print(1)")
    await forget_folders(one.database, objects, now() - LATER)
    assert await known(one, folder)
    await forget_folders(one.database, objects, now() + LATER)
    assert not await known(one, folder)
    assert await stored(objects, folder.base_object, *folder.objects) == [False, False]


async def test_it_stays_while_a_run_changes_it_and_its_version_holds_what_it_kept(
    tenants: tuple[Tenant, Tenant], objects: FolderObjectStore
) -> None:
    one, _ = tenants
    folder = await sent(one, objects, b"kept by the change", b"gone with the change")
    kept = await objects.put(b"kept by the change")
    gone = await objects.put(b"gone with the change")
    await change_run(one, base_object=folder.base_object, status="running")
    await forget_folders(one.database, objects, now() + LATER)
    assert await known(one, folder)
    assert await stored(objects, folder.base_object, kept, gone) == [True, True, True]

    async with one.database.tenant(one.id) as session:
        session.add(RunFile(run_id=one.run, organisation_id=one.id, path="a.py", sha256=kept,
                            size=1, role="source", origin="user", requirements=[]))  # fmt: skip
    await change_run(one, status="finished", finished_at=now())
    await forget_folders(one.database, objects, now() + LATER)
    assert not await known(one, folder)
    assert await stored(objects, folder.base_object, kept, gone) == [False, True, False]


async def test_what_another_organisation_has_sent_too_stays_for_it(
    tenants: tuple[Tenant, Tenant], objects: FolderObjectStore
) -> None:
    one, other = tenants
    mine = await sent(one, objects, b"licence", b"mine alone")
    theirs = await sent(other, objects, b"licence")
    await change_run(other, base_object=theirs.base_object, status="running")
    licence, alone = [await objects.put(each) for each in (b"licence", b"mine alone")]
    await forget_folders(one.database, objects, now() + LATER)
    assert (await known(one, mine), await known(other, theirs)) == (False, True)
    assert await stored(objects, licence, alone) == [True, False]


async def test_what_was_put_again_since_is_left_to_whoever_put_it(
    tenants: tuple[Tenant, Tenant], objects: FolderObjectStore
) -> None:
    one, _ = tenants
    folder = await sent(one, objects, b"a common file")
    since = now()
    # File systems tell the time in steps of some milliseconds.
    await asyncio.sleep(0.05)
    address = await objects.put(b"a common file")
    await forget_folders(one.database, objects, since)
    assert not await known(one, folder)
    assert await stored(objects, address, folder.base_object) == [True, False]


class Killed(BaseException):
    """What no step hears of."""


class Dying(FolderObjectStore):
    """A store whose process is killed when it has deleted one object."""

    deleted = 0

    async def forget(self, sha256: str, unused_since: datetime) -> None:
        """Deletes the first, and no other."""
        if self.deleted:
            raise Killed
        self.deleted += 1
        await super().forget(sha256, unused_since)


async def test_a_killed_process_leaves_nothing_that_the_next_does_not_delete(
    tenants: tuple[Tenant, Tenant], tmp_path: Path
) -> None:
    one, _ = tenants
    objects = FolderObjectStore(tmp_path)
    folder = await sent(one, objects, b"first", b"second")
    addresses = (folder.base_object, *folder.objects)
    with pytest.raises(Killed):
        await forget_folders(one.database, Dying(tmp_path), now() + LATER)
    assert sum(await stored(objects, *addresses)) == 2
    # Half of it is no version that a run could begin on.
    assert not await known(one, folder)
    await forget_folders(one.database, objects, now() + LATER)
    assert not any(await stored(objects, *addresses))
    assert not left_in(tmp_path)
