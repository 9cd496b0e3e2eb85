"""Real parts for the router's tests: PostgreSQL with our tables, and both call stores."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from hypothesis import settings

from quantumlayer.core.database import Database, migrate
from quantumlayer.router import CallStore, MemoryCallStore, PostgresCallStore, close_connections
from tests.support.platform import PostgresUrls
from tests.support.router_parts import create_organisation

LEASE_SECONDS = 1.5

# No deadline: a busy machine is no failure. No database of examples: tests write nothing here.
settings.register_profile("unhurried", deadline=None, database=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="module", autouse=True)
async def _no_connection_left_open() -> AsyncIterator[None]:
    yield
    await close_connections()


@pytest.fixture(scope="session")
def migrated(postgres_urls: PostgresUrls) -> PostgresUrls:
    """The session's database with every table in it."""
    migrate(postgres_urls.owner)
    return postgres_urls


@pytest.fixture
async def database(migrated: PostgresUrls) -> AsyncIterator[Database]:
    """The application's view of the database."""
    opened = Database(migrated.application)
    yield opened
    await opened.close()


@pytest.fixture
async def organisation_id(migrated: PostgresUrls) -> UUID:
    """An organisation with no calls yet."""
    return await create_organisation(migrated.owner)


@pytest.fixture
def postgres_store(database: Database) -> PostgresCallStore:
    """The store in PostgreSQL; claims of the dead are free soon."""
    return PostgresCallStore(database, lease_seconds=LEASE_SECONDS)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> CallStore:
    """Each of the two stores: what is true of one must be true of the other."""
    if request.param == "memory":
        return MemoryCallStore(lease_seconds=LEASE_SECONDS)
    made: PostgresCallStore = request.getfixturevalue("postgres_store")
    return made
