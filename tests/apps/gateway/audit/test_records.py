"""What PostgreSQL keeps of the audit: each row once, each organisation's its own, exact sums."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from quantumlayer.core.database import Database
from quantumlayer.gateway.audit import Payer, Records, Wanted
from quantumlayer.router.money import Window
from tests.apps.gateway.audit.test_journal import row
from tests.support.platform import PostgresUrls

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
A_DAY = Window(NOON - timedelta(hours=12), NOON + timedelta(hours=12))
EVER = Window(None, None)


@pytest.fixture
async def records(database_url: str) -> AsyncIterator[Records]:
    database = Database(database_url)
    yield Records(database)
    await database.close()


@pytest.fixture
def organisation() -> str:
    return f"org-{uuid4().hex}"


async def test_a_row_comes_back_as_it_was_and_once_however_often_it_is_written(
    records: Records, organisation: str
) -> None:
    written = [
        row(organisation=organisation, at=NOON, modules=("secrets",), file="src/ä.py", cost=None),
        row(organisation=organisation, at=NOON + timedelta(seconds=1), cost=2**62, project="p"),
    ]
    await asyncio.gather(*(records.write(written) for _ in range(5)))
    assert await records.page(Wanted(organisation)) == list(reversed(written))


async def test_what_no_text_of_postgresql_can_hold_blocks_no_other_row(
    records: Records, organisation: str
) -> None:
    await records.write([row(organisation=organisation, run="a\0b\ud800"), row(organisation="x")])
    [kept] = await records.page(Wanted(organisation))
    assert kept.run == "a\ufffdb?"


async def test_an_organisation_sees_its_own_rows_alone(records: Records, organisation: str) -> None:
    other = f"{organisation}-2"
    await records.write([row(organisation=organisation), row(organisation=other)])
    for name in (organisation, other):
        assert {one.organisation for one in await records.page(Wanted(name))} == {name}


async def test_pages_show_every_row_once_newest_first(records: Records, organisation: str) -> None:
    # Several rows of one moment: the ids tell them apart.
    rows = [
        row(organisation=organisation, at=NOON + timedelta(seconds=n // 3), run=f"r{n % 2}")
        for n in range(25)
    ]
    await records.write(rows)
    seen = []
    page = await records.page(Wanted(organisation, limit=4))
    while page:
        seen += page
        page = await records.page(Wanted(organisation, limit=4, before=page[-1].id))
    assert seen == sorted(rows, key=lambda one: (one.at, one.id), reverse=True)
    since = NOON + timedelta(seconds=4)
    wanted = Wanted(organisation, run="r1", key="ci", since=since)
    expected = [one for one in seen if one.run == "r1" and one.at >= since]
    assert await records.page(wanted) == expected
    assert await records.page(Wanted(organisation, key="other")) == []


async def test_sums_are_of_a_payer_and_a_window_exact_and_without_what_is_left_out(
    records: Records, organisation: str
) -> None:
    kinds: list[dict[str, object]] = [
        {"project": "search", "key": "ci", "cost": 1},
        {"project": "search", "key": "cd", "cost": 20, "run": "r1"},
        {"project": None, "key": "ci", "cost": 300},
        {"project": "search", "key": "ci", "cost": 4_000, "at": A_DAY.starts_at},
        {"project": "search", "key": "ci", "cost": 50_000, "at": A_DAY.ends_at},
        {"project": "search", "key": "ci", "cost": None},
    ]
    rows = [row(**{"organisation": organisation, "at": NOON, **kind}) for kind in kinds]
    await records.write(rows)

    async def spent(payer: Payer, window: Window) -> int:
        return int(await records.spent(payer, window) * 10**12)

    assert await spent(Payer(organisation), EVER) == 54_321
    assert await spent(Payer(organisation), A_DAY) == 4_321
    assert await spent(Payer(organisation, "search"), A_DAY) == 4_021
    assert await spent(Payer(organisation, "search", "ci"), A_DAY) == 4_001
    assert await spent(Payer(organisation, None, "ci"), A_DAY) == 300
    assert await spent(Payer(organisation, run="r1"), EVER) == 20
    assert await spent(Payer(organisation, "search", "ci", "r1"), EVER) == 0
    besides = [rows[0].id, rows[2].id]
    assert await records.spent(Payer(organisation), A_DAY, besides) == Decimal(4_020) / 10**12
    assert await spent(Payer(f"{organisation}-2"), EVER) == 0


async def test_its_state_says_what_is_wrong_and_what_to_do(
    records: Records, postgres_urls: PostgresUrls
) -> None:
    assert await records.state() == "ok"
    for url, said in (
        ("postgresql+asyncpg://nobody:x@127.0.0.1:1/nothing", "down"),
        (postgres_urls.admin, "quantumlayer gateway migrate"),
    ):
        database = Database(url)
        assert said in await Records(database).state()
        await database.close()
