"""The default organisation, on a server of its own: its owner key is the installation's."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from quantumlayer.core.database import Database, migrate
from quantumlayer.core.identity import (
    Credentials,
    Role,
    all_projects,
    ensure_default_organisation,
    organisation_id,
)
from tests.support.platform import running


@pytest.fixture(scope="module")
def application_url() -> Iterator[str]:
    """The migrated database of an installation that nothing else uses."""
    with running(["postgres", "roles"]) as platform:
        migrate(platform.roles.owner_url)
        yield platform.roles.application_url


@pytest_asyncio.fixture(scope="module")
async def database(application_url: str) -> AsyncIterator[Database]:
    """The database as the application sees it."""
    database = Database(application_url)
    yield database
    await database.close()


def fresh_key() -> str:
    """A key that nobody has seen."""
    return f"ql_{secrets.token_urlsafe(32)}"


async def test_the_default_organisation_is_made_once(database: Database) -> None:
    key = fresh_key()
    made = {await ensure_default_organisation(database, key) for _ in range(3)}
    assert made == {organisation_id("default")}
    principal = await Credentials(database).recognise_api_key(key)
    assert principal is not None
    assert principal.role is Role.OWNER
    async with database.tenant(principal.organisation_id) as session:
        assert "default" in [
            project.slug for project in await all_projects(session, principal.organisation_id)
        ]


async def test_a_new_owner_key_takes_the_old_ones_place(database: Database) -> None:
    old, new = fresh_key(), fresh_key()
    await ensure_default_organisation(database, old)
    await ensure_default_organisation(database, new)
    credentials = Credentials(database)
    assert await credentials.recognise_api_key(old) is None
    assert await credentials.recognise_api_key(new) is not None
