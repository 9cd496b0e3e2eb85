"""A transaction that begins while the database is away waits for it, as long as it may."""

import asyncio
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import text

from quantumlayer.cli.platform import control
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.state import observe
from quantumlayer.core.database import Database, is_database_away
from tests.support.platform import clean_environment, new_home, platform_of


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A PostgreSQL of our own, which may die."""
    with new_home() as home:
        control.start(
            home,
            environment=clean_environment(home),
            parts=("postgres", "roles"),
            companion=os.getpid(),
        )
        yield home


@pytest_asyncio.fixture
async def patient(home: Home) -> AsyncIterator[Database]:
    database = Database(platform_of(home).roles.application_url, patience_seconds=60)
    yield database
    await database.close()


async def one(database: Database) -> int:
    async with database.tenant(uuid.uuid4()) as session:
        found: int = await session.scalar(text("SELECT 1"))
        return found


def kill(home: Home) -> None:
    [part] = observe(home).parts
    assert part.process is not None
    os.kill(part.process.pid, signal.SIGKILL)


async def test_work_that_is_to_be_stored_outlives_the_death_of_the_database(
    home: Home, patient: Database
) -> None:
    assert await one(patient) == 1

    for _ in range(3):
        kill(home)
        assert await asyncio.gather(*(one(patient) for _ in range(20))) == [1] * 20


async def test_without_patience_an_outage_is_told_at_once_as_one() -> None:
    hasty = Database("postgresql+asyncpg://nobody@localhost:1/nothing")
    began = time.monotonic()

    with pytest.raises(ConnectionError) as caught:
        await one(hasty)

    assert is_database_away(caught.value)
    assert time.monotonic() - began < 10


async def test_patience_has_an_end() -> None:
    patient = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", patience_seconds=0.5)
    began = time.monotonic()

    with pytest.raises(ConnectionError):
        await one(patient)

    assert time.monotonic() - began >= 0.5


async def test_what_is_no_outage_is_not_waited_for(home: Home) -> None:
    url = platform_of(home).roles.application_url
    stranger = Database(url.replace("quantumlayer_app", "nobody_of_that_name"), patience_seconds=60)
    began = time.monotonic()

    with pytest.raises(Exception, match="nobody_of_that_name") as caught:
        await one(stranger)

    assert not is_database_away(caught.value)
    assert time.monotonic() - began < 30
