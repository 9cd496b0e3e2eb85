"""Deliveries that are built by buildah and run by runc, where this machine has a way to do so."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import (
    CannotTell,
    Climb,
    Delivery,
    Exchange,
    Starter,
    Tier,
    Volume,
    climb,
    starter_for,
)
from quantumlayer.qtest.delivered.images.usable import usable_tooling
from quantumlayer.qtest.delivered.user_range import range_here
from tests.support.base_image import operators_store


@pytest.fixture(scope="session")
def image_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache whose images are a test's own; skips where no image can be built and run."""
    cache = tmp_path_factory.mktemp("cache")
    try:
        asyncio.run(usable_tooling(cache))
    except CannotTell as error:
        pytest.skip(f"No images here: {error}")
    yield cache
    # Others' files are in it, which whoever runs these tests may not be able to remove.
    range_here().remove(cache)


@pytest.fixture(scope="session")
def operators(image_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The settings of a store of images in which an operator has put one."""
    folder = tmp_path_factory.mktemp("operator")
    yield operators_store(folder)
    range_here().remove(folder)


@pytest.fixture
def with_images(image_cache: Path, operators: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache, on a machine whose operator has an image."""
    monkeypatch.setenv("CONTAINERS_STORAGE_CONF", str(operators))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return image_cache


NOTE = Exchange(path="/notes", body={"text": "milk"}, read_path="/notes/{id}", expects="milk")


def service_of(folder: Path, **more: object) -> Delivery:
    """A service of `services.py` with what its platform promises."""
    promised = Delivery(
        folder=folder, probes=("/healthz",), read_only=True, volumes=(Volume(path="/data"),),
        environment=(("SESSION_SECRET", "not told to anybody"),), exchanges=(NOTE,),
        instances=2, start_seconds=15, grace_seconds=2,
    )  # fmt: skip
    return promised.model_copy(update=more)


async def image_starter(delivery: Delivery, cache: Path) -> Starter:
    """What builds it as an image. Fails where that is not done."""
    starter, _ = await starter_for(Tier.IMAGE, delivery, cache)
    return starter


async def climbed_as_image(delivery: Delivery, cache: Path) -> Climb:
    """The rungs of a delivery that is built as an image."""
    return await climb(delivery, await image_starter(delivery, cache))


@pytest.fixture
def work_folders(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where this test alone builds; its path is short, as sockets want it."""
    with tempfile.TemporaryDirectory(prefix="ql-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)
