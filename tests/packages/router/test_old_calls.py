"""Calls that a former version wrote down: read as they were, and counted with those of today."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from quantumlayer.core.database import Database, migrate
from quantumlayer.core.database import __file__ as database_package
from quantumlayer.router import PostgresCallStore
from quantumlayer.router.run_usage import usages_of
from tests.support.platform import PostgresUrls, running
from tests.support.router_parts import create_organisation

# The last version that knew nothing of agents.
FORMER = "0007"
INSERT = """
    INSERT INTO model_calls (id, organisation_id, run_id, task, model, provider, idempotency_key,
      ordinal, state, request_hash, reply, finish_reason, input_tokens, output_tokens, cost_usd,
      priced, reserved_usd, reserved_tokens, duration_ms, lease_expires_at, created_at)
    VALUES (gen_random_uuid(), :organisation, :run, 'write', 'gpt', 'openai', 'a-key', 0,
      'completed', 'hash', 'words', 'stop', 30, 12, 0.123456789, true, 1, 99, 1500, now(), now())
"""


@pytest.fixture(scope="module")
def urls() -> Iterator[PostgresUrls]:
    """A database of our own, as the former version left it."""
    with running(["postgres", "roles"]) as platform:
        owner = platform.roles.owner_url
        config = Config()
        config.set_main_option("script_location", str(Path(database_package).parent / "migrations"))
        config.attributes["url"] = owner
        command.upgrade(config, FORMER)
        yield PostgresUrls(platform.roles.application_url, owner, platform.postgres.admin_url)


async def written_before(urls: PostgresUrls) -> tuple[UUID, UUID]:
    """The organisation and the run of a call that stands there already."""
    organisation, run = await create_organisation(urls.owner), uuid4()
    engine = create_async_engine(urls.owner)
    async with engine.begin() as connection:
        await connection.execute(text(INSERT), {"organisation": organisation, "run": run})
    await engine.dispose()
    return organisation, run


async def test_an_old_call_stays_what_it_was_and_has_no_agent(urls: PostgresUrls) -> None:
    organisation, run = await written_before(urls)

    await asyncio.to_thread(migrate, urls.owner)

    database = Database(urls.application)
    (call,) = await PostgresCallStore(database).calls(organisation, run)
    assert (call.agent, call.path, call.task) == (None, None, "write")
    assert (call.cost_usd, call.input_tokens) == (Decimal("0.123456789"), 30)
    async with database.tenant(organisation) as session:
        usage = (await usages_of(session, organisation, [run]))[run]
    assert usage.by_agent == {None: usage.total}
    assert (usage.total.cost_usd, usage.total.seconds) == (Decimal("0.123456789"), 1.5)
    await database.close()
