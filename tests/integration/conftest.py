"""What all runs through the whole pipeline share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quantumlayer.core.database import migrate
from quantumlayer.core.settings import PlatformSettings
from tests.support.model_server import ModelServer
from tests.support.pipeline import Pipeline, open_pipeline
from tests.support.platform import PostgresUrls


@pytest.fixture(scope="session")
def migrated_urls(postgres_urls: PostgresUrls) -> PostgresUrls:
    """The database with its schema."""
    migrate(postgres_urls.owner)
    return postgres_urls


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    """A model server whose script each test writes."""
    async with ModelServer([]) as started:
        yield started


@pytest.fixture
async def pipeline(
    migrated_urls: PostgresUrls,
    redis_url: str,
    temporal_address: str,
    tmp_path: Path,
    server: ModelServer,
) -> AsyncIterator[Pipeline]:
    """A worker whose language model is the scripted server."""
    async with open_pipeline(
        database_url=migrated_urls.application,
        redis_url=redis_url,
        temporal_address=temporal_address,
        folder=tmp_path,
        cache=PlatformSettings(_env_file=None).cache_dir,
        model_base_url=server.base_url,
    ) as opened:
        yield opened
