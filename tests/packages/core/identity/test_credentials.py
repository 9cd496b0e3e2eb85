"""Credentials in a real database, as the application role sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from quantumlayer.core.database import Database, migrate
from quantumlayer.core.identity import (
    Credentials,
    Role,
    all_projects,
    ensure_project,
    is_project_slug,
)
from quantumlayer.core.identity.tables import ApiKey, Organisation
from tests.support.platform import PostgresUrls


@pytest.fixture(scope="module")
def application_url(postgres_urls: PostgresUrls) -> str:
    """The application role's URL of a migrated database."""
    migrate(postgres_urls.owner)
    return postgres_urls.application


@pytest_asyncio.fixture(scope="module")
async def database(application_url: str) -> AsyncIterator[Database]:
    """The database as the application sees it."""
    database = Database(application_url)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def organisation(database: Database) -> UUID:
    """An organisation of this test alone."""
    identity = uuid4()
    async with database.tenant(identity) as session:
        session.add(Organisation(id=identity, slug=identity.hex, name="Test"))
    return identity


async def test_a_revoked_key_is_no_good(database: Database, organisation: UUID) -> None:
    credentials = Credentials(database)
    made = await credentials.create_api_key(organisation, "robot", Role.MEMBER)
    assert await credentials.recognise_api_key(made.key) is not None
    async with database.tenant(organisation) as session:
        row = await session.get_one(ApiKey, made.id)
        row.revoked_at = row.created_at
    assert await credentials.recognise_api_key(made.key) is None


async def test_an_owner_link_opens_one_session_and_no_second(
    database: Database, organisation: UUID
) -> None:
    credentials = Credentials(database)
    link = await credentials.create_owner_link(organisation)
    browser = await credentials.sign_in(link.secret)
    assert browser is not None
    principal = await credentials.recognise_session(browser.secret)
    assert principal is not None
    assert (principal.organisation_id, principal.role) == (organisation, Role.OWNER)
    assert await credentials.sign_in(link.secret) is None
    await credentials.sign_out(principal)
    assert await credentials.recognise_session(browser.secret) is None


@pytest.mark.parametrize("table", ["owner_links", "browser_sessions"])
async def test_what_has_expired_is_no_good(
    database: Database, organisation: UUID, postgres_urls: PostgresUrls, table: str
) -> None:
    credentials = Credentials(database)
    link = await credentials.create_owner_link(organisation)
    browser = None
    if table == "browser_sessions":
        browser = await credentials.sign_in(link.secret)
        assert browser is not None
    owner = create_async_engine(postgres_urls.owner)
    async with owner.begin() as connection:
        await connection.execute(
            text(
                f"UPDATE {table} SET expires_at = now() - interval '1 s'"  # noqa: S608 - the names of functions are ours
                " WHERE organisation_id = :id"
            ),
            {"id": organisation},
        )
    await owner.dispose()
    if browser is None:
        assert await credentials.sign_in(link.secret) is None
    else:
        assert await credentials.recognise_session(browser.secret) is None


async def test_one_organisation_cannot_see_anothers_keys(
    database: Database, organisation: UUID
) -> None:
    made = await Credentials(database).create_api_key(organisation, "robot", Role.MEMBER)
    async with database.tenant(uuid4()) as session:
        # No filter here: the database alone must hold.
        assert made.id not in (await session.scalars(select(ApiKey.id))).all()


async def test_a_project_is_made_when_it_is_first_named(
    database: Database, organisation: UUID
) -> None:
    async with database.tenant(organisation) as session:
        first = await ensure_project(session, organisation, "night-shift")
        again = await ensure_project(session, organisation, "night-shift")
        names = [project.name for project in await all_projects(session, organisation)]
    assert first == again
    assert names == ["Night shift"]


@pytest.mark.parametrize("slug", ["a", "a-b", "0", "x" * 63])
def test_what_can_name_a_project(slug: str) -> None:
    assert is_project_slug(slug)


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a b", "x" * 64, "é", "a\n"])
def test_what_cannot_name_a_project(slug: str) -> None:
    assert not is_project_slug(slug)
