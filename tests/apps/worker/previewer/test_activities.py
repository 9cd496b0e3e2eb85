"""Who holds a preview lets go of it, whatever ends it, and says why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from temporalio.testing import ActivityEnvironment

from quantumlayer.core.caches import cache_folder
from quantumlayer.core.objects import FolderObjectStore
from quantumlayer.core.previews import PreviewRequest, PreviewState
from quantumlayer.core.previews.tables import Preview
from quantumlayer.core.runs.tables import Capsule
from quantumlayer.worker.previewer.activities import (
    FULL,
    NO_CAPSULE,
    NONE_HERE,
    SHUT_DOWN,
    PreviewerActivities,
)
from tests.packages.qtest.preview.projects import SERVICE, archive
from tests.support.platform import PostgresUrls
from tests.support.tenants import Tenant, tenants_of


@pytest_asyncio.fixture
async def tenant(postgres_urls: PostgresUrls) -> AsyncIterator[Tenant]:
    """An organisation with a run that has made nothing yet."""
    async with tenants_of(postgres_urls, 1) as (one,):
        yield one


async def made(tenant: Tenant, folder: Path, service: str = SERVICE) -> None:
    """The run has made a service."""
    content = archive(folder / "project", service)
    sha256 = await FolderObjectStore(folder / "objects").put(content)
    async with tenant.database.tenant(tenant.id) as session:
        session.add(
            Capsule(run_id=tenant.run, organisation_id=tenant.id, sha256=sha256,
                    size=len(content), file_name="made.zip", verdict="passed", signer="somebody")
        )  # fmt: skip


@asynccontextmanager
async def holding(
    tenant: Tenant, folder: Path, most: int = 1
) -> AsyncIterator[tuple[ActivityEnvironment, Preview, asyncio.Task[None]]]:
    """A worker that holds a preview: what tells it of its own end, the row, and its work."""
    activities = PreviewerActivities(
        tenant.database, FolderObjectStore(folder / "objects"), cache_folder(), most
    )
    preview = await tenant.ask()
    request = PreviewRequest(preview_id=preview.id, organisation_id=tenant.id, run_id=tenant.run)
    environment = ActivityEnvironment()
    work = asyncio.ensure_future(environment.run(activities.show_preview, request))
    try:
        yield environment, preview, work
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def until(tenant: Tenant, preview: Preview, wanted: Callable[[Preview], bool]) -> Preview:
    """The row once it is as wanted."""
    async with asyncio.timeout(60):
        while not wanted(row := await tenant.row(preview.id)):  # noqa: ASYNC110 - a row of another task
            await asyncio.sleep(0.05)
    return row


async def reached(address: str | None) -> bool:
    """Whether anybody still listens there."""
    port = urlsplit(address or "").port
    assert port is not None
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (ActivityEnvironment.worker_shutdown, SHUT_DOWN),
        (ActivityEnvironment.cancel, "It was stopped."),
    ],
)
async def test_what_ends_it_leaves_nothing_and_is_said(
    tenant: Tenant, tmp_path: Path, ending: Callable[[ActivityEnvironment], None], reason: str
) -> None:
    await made(tenant, tmp_path)
    async with holding(tenant, tmp_path) as (worker, preview, work):
        ready = await until(tenant, preview, lambda row: row.state != "building")
        assert (ready.state, await reached(ready.address)) == ("ready", True), ready.reason
        ending(worker)
        await asyncio.wait({work}, timeout=20)
        assert work.done()
        assert not await reached(ready.address)
    row = await tenant.row(preview.id)
    assert (row.state, row.reason, row.address) == ("ended", reason, None)


async def test_one_that_is_stopped_while_it_starts_is_let_go(
    tenant: Tenant, tmp_path: Path
) -> None:
    # It would start for as long as a preview may.
    await made(tenant, tmp_path, "import time\ntime.sleep(60)\n")
    async with holding(tenant, tmp_path) as (_, preview, work):
        await until(tenant, preview, lambda row: row.lease_until != preview.lease_until)
        await tenant.record(preview).end(PreviewState.ENDED, "Enough.")
        await asyncio.wait({work}, timeout=20)
        assert work.done()
    assert (await tenant.row(preview.id)).reason == "Enough."


async def test_one_that_was_stopped_before_is_not_built(tenant: Tenant, tmp_path: Path) -> None:
    preview = await tenant.ask()
    await tenant.record(preview).end(PreviewState.ENDED, "Enough.")
    request = PreviewRequest(preview_id=preview.id, organisation_id=tenant.id, run_id=tenant.run)
    # Nothing is there that could be built: whoever tried would say so.
    objects = FolderObjectStore(tmp_path)
    activities = PreviewerActivities(tenant.database, objects, cache_folder(), 1)
    await ActivityEnvironment().run(activities.show_preview, request)
    assert (await tenant.row(preview.id)).reason == "Enough."


@pytest.mark.parametrize(("most", "reason"), [(0, NONE_HERE), (1, NO_CAPSULE)])
async def test_what_cannot_be_shown_says_why(
    tenant: Tenant, tmp_path: Path, most: int, reason: str
) -> None:
    async with holding(tenant, tmp_path, most) as (_, preview, work):
        await work
    row = await tenant.row(preview.id)
    assert (row.state, row.reason) == ("failed", reason)


async def test_a_worker_holds_no_more_than_it_may(tenant: Tenant, tmp_path: Path) -> None:
    await made(tenant, tmp_path, "import time\ntime.sleep(60)\n")
    objects = FolderObjectStore(tmp_path / "objects")
    activities = PreviewerActivities(tenant.database, objects, cache_folder(), 1)
    asked = [await tenant.ask(), await tenant.ask()]
    requests = [
        PreviewRequest(preview_id=one.id, organisation_id=tenant.id, run_id=tenant.run)
        for one in asked
    ]
    first = asyncio.ensure_future(ActivityEnvironment().run(activities.show_preview, requests[0]))
    await until(tenant, asked[0], lambda row: row.lease_until != asked[0].lease_until)
    await ActivityEnvironment().run(activities.show_preview, requests[1])
    assert (await tenant.row(asked[1].id)).reason == FULL
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
