"""The rows of previews: bounded for an organisation, seen by it alone, over with their holder."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from quantumlayer.core.database import now
from quantumlayer.core.previews import MOST_AT_ONCE, PreviewState
from quantumlayer.core.previews.contract import LEASE_SECONDS, LOG_BYTES, WAITING_SECONDS
from quantumlayer.core.previews.records import (
    HOLDER_GONE,
    NOT_TAKEN_UP,
    PreviewRecord,
    TooManyPreviews,
    find_preview,
    previews_of,
    standing,
)
from quantumlayer.core.previews.tables import Preview
from tests.support.platform import PostgresUrls
from tests.support.tenants import Tenant, tenants_of


@pytest_asyncio.fixture
async def tenants(postgres_urls: PostgresUrls) -> AsyncIterator[tuple[Tenant, Tenant]]:
    """Two organisations in one database."""
    async with tenants_of(postgres_urls, 2) as (one, other):
        yield one, other


async def test_an_organisation_has_so_many_at_once_and_takes_no_room_of_others(
    tenants: tuple[Tenant, Tenant],
) -> None:
    one, other = tenants
    outcomes = await asyncio.gather(*(one.ask() for _ in range(8)), return_exceptions=True)
    granted = [each for each in outcomes if isinstance(each, Preview)]
    assert len(granted) == MOST_AT_ONCE
    assert all(isinstance(each, Preview | TooManyPreviews) for each in outcomes)
    await other.ask()
    await one.record(granted[0]).end(PreviewState.ENDED, "It was stopped.")
    await one.ask()
    with pytest.raises(TooManyPreviews):
        await one.ask()


async def test_another_organisation_neither_sees_nor_ends_nor_holds_it(
    tenants: tuple[Tenant, Tenant],
) -> None:
    one, other = tenants
    preview = await one.ask()
    await one.record(preview).ready("http://secret.localhost:1/", 60)
    theirs = PreviewRecord(other.database, other.id, preview.id)
    assert not await theirs.renew()
    assert not await theirs.end(PreviewState.ENDED, "mine")
    async with other.database.tenant(other.id) as session:
        assert await find_preview(session, one.id, preview.id) is None
        assert await previews_of(session, one.id, run_id=one.run, first=9) == []
        # Also a query that forgets to name its organisation.
        assert (await session.scalars(select(Preview))).all() == []
    assert (await one.row(preview.id)).address == "http://secret.localhost:1/"


async def test_the_first_end_holds_and_takes_the_address_away(
    tenants: tuple[Tenant, Tenant],
) -> None:
    one, _ = tenants
    preview = await one.ask()
    record = one.record(preview)
    assert await record.ready("http://secret.localhost:1/", 60)
    assert await record.end(PreviewState.ENDED, "It was stopped.", "said\0")
    assert not await record.renew("more")
    assert not await record.ready("http://other.localhost:1/", 60)
    assert not await record.end(PreviewState.FAILED, "another")
    row = await one.row(preview.id)
    assert (row.state, row.reason, row.address, row.log) == (
        "ended", "It was stopped.", None, "said�",
    )  # fmt: skip


async def test_what_nobody_holds_any_more_is_over(tenants: tuple[Tenant, Tenant]) -> None:
    one, _ = tenants
    preview = await one.ask()
    late = now() + timedelta(seconds=WAITING_SECONDS + 1)
    assert standing(preview, now()).state is PreviewState.BUILDING
    found = standing(await one.row(preview.id), late)
    assert (found.state, found.reason) == (PreviewState.FAILED, NOT_TAKEN_UP)
    assert await one.record(preview).renew("x" * LOG_BYTES + "end")
    row = await one.row(preview.id)
    assert (len(row.log), row.log[-3:]) == (LOG_BYTES, "end")
    late = now() + timedelta(seconds=LEASE_SECONDS + 1)
    assert standing(row, late).reason == HOLDER_GONE
    await one.record(preview).ready("http://secret.localhost:1/", 60)
    row = await one.row(preview.id)
    assert standing(row, now()).address == "http://secret.localhost:1/"
    found = standing(row, late + timedelta(seconds=1))
    assert (found.state, found.reason, found.address) == (PreviewState.ENDED, HOLDER_GONE, None)


async def test_what_was_told_as_over_is_not_taken_up_again(
    tenants: tuple[Tenant, Tenant],
) -> None:
    one, _ = tenants
    preview = await one.ask()
    record = one.record(preview)
    async with one.database.tenant(one.id) as session:
        row = await find_preview(session, one.id, preview.id)
        assert row is not None
        row.lease_until = now()
    assert not await record.renew()
    assert not await record.ready("http://secret.localhost:1/", 60)
    assert (await one.row(preview.id)).address is None
    assert await record.end(PreviewState.ENDED, "It was stopped.")
