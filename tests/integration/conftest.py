"""What all runs through the whole pipeline share."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from quantumlayer.core.database import migrate
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.router import Provider
from tests.support.model_server import ModelServer
from tests.support.npm_registry import npm_registry
from tests.support.pipeline import Pipeline, open_pipeline
from tests.support.platform import PostgresUrls
from tests.support.wheel_index import wheel_index


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


@pytest.fixture
def registries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Indexes on loopback: pytest and what it needs, and one small package for each language."""
    with (
        wheel_index(tmp_path / "index") as wheels,
        npm_registry({"lodash": {}}, {"lodash": "module.exports = 32;\n"}) as packages,
    ):
        for name in ("pytest", "pluggy", "iniconfig", "packaging", "pygments", "coverage"):
            wheels.add_installed(name)
        # What pytest needs on Windows alone is locked and not installed.
        for name in ("tabulate", "colorama", "rich", "temperatures"):
            wheels.add_wheel(name, "1.0")
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"{wheels.url}/simple")
        monkeypatch.setenv("npm_config_registry", packages)
        yield


@pytest.fixture
async def asking(
    migrated_urls: PostgresUrls,
    redis_url: str,
    temporal_address: str,
    tmp_path: Path,
    server: ModelServer,
    registries: None,
) -> AsyncIterator[Pipeline]:
    """A worker that asks registries about what a model chose."""
    async with open_pipeline(
        database_url=migrated_urls.application,
        redis_url=redis_url,
        temporal_address=temporal_address,
        folder=tmp_path,
        cache=tmp_path / "cache",
        model_base_url=server.base_url,
        check_registries=True,
    ) as opened:
        yield opened
