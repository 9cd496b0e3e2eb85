"""What all runs through the whole pipeline share."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from quantumlayer.core.database import migrate
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.router import Provider
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
def models() -> Mapping[str, Provider] | None:
    """The models in the worker's process: those that are installed, where a test has none."""
    return None


@pytest.fixture
def wish_wait_seconds() -> int:
    """How long a run waits for somebody's decision: not at all, where a test does not say."""
    return 0


@pytest.fixture
async def pipeline(
    migrated_urls: PostgresUrls,
    redis_url: str,
    temporal_address: str,
    tmp_path: Path,
    server: ModelServer,
    models: Mapping[str, Provider] | None,
    wish_wait_seconds: int,
) -> AsyncIterator[Pipeline]:
    """A worker whose language model is the scripted server."""
    async with open_pipeline(
        database_url=migrated_urls.application,
        redis_url=redis_url,
        temporal_address=temporal_address,
        folder=tmp_path,
        cache=PlatformSettings(_env_file=None).cache_dir,
        model_base_url=server.base_url,
        models=models,
        wish_wait_seconds=wish_wait_seconds,
    ) as opened:
        yield opened
