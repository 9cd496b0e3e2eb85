"""A real API on real servers, with a worker that tells every run a short story."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr
from redis.asyncio import Redis

from quantumlayer.core.database import Database, migrate
from quantumlayer.core.objects import FolderObjectStore
from quantumlayer.core.settings import ApiSettings
from tests.support.api_client import NOWHERE, OWNER_KEY, ApiClient, serving
from tests.support.platform import PostgresUrls
from tests.support.scripted_run import scripted_worker


@pytest.fixture(scope="session")
def database_url(postgres_urls: PostgresUrls) -> str:
    """The application role's URL of a migrated database."""
    migrate(postgres_urls.owner)
    return postgres_urls.application


@pytest.fixture(scope="session")
def api_settings(database_url: str, redis_url: str, temporal_address: str) -> Iterator[ApiSettings]:
    """Settings of an API on the session's servers."""
    with tempfile.TemporaryDirectory() as folder:
        yield ApiSettings(
            _env_file=None,
            database_url=database_url,
            redis_url=redis_url,
            temporal_address=temporal_address,
            temporal_ui_url="http://127.0.0.1:8233",
            object_store=Path(folder) / "objects",
            models="openai/scripted, openai/other",
            secret_key=SecretStr("x" * 32),
            owner_key=OWNER_KEY,
        )


@pytest_asyncio.fixture(scope="session")
async def api(api_settings: ApiSettings) -> AsyncIterator[ApiClient]:
    """The owner of a running API whose runs are worked on."""
    database, redis = Database(api_settings.database_url), Redis.from_url(api_settings.redis_url)
    objects = FolderObjectStore(api_settings.object_store)
    async with (
        scripted_worker(api_settings.temporal_address, database, redis, objects),
        serving(api_settings) as owner,
    ):
        yield owner
    await redis.aclose()
    await database.close()


@pytest_asyncio.fixture(scope="session")
async def api_without_temporal(
    api: ApiClient, api_settings: ApiSettings
) -> AsyncIterator[ApiClient]:
    """The owner of a second API on the same database, for which Temporal is away."""
    settings = api_settings.model_copy(update={"temporal_address": NOWHERE})
    async with serving(settings) as owner:
        yield owner
