"""Package indexes on loopback: real servers with small real packages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.wheel_index import WheelIndex, wheel_index

Index = WheelIndex


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """A Python index with a pytest and a coverage of our own, which uv is told to use."""
    with wheel_index(tmp_path / "index") as found:
        found.add_wheel("pytest", "9.0")
        found.add_wheel("coverage", "7.9")
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"{found.url}/simple")
        monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
        monkeypatch.setenv("UV_NO_CONFIG", "1")
        for name in (
            "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_OFFLINE",
        ):  # fmt: skip
            monkeypatch.delenv(name, raising=False)
        yield found
