"""Real projects in temporary folders, checked in a real sandbox by one checker."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from quantumlayer.qlayer.checking import Checker, CheckReport, checker

Check = Callable[..., Awaitable[CheckReport]]
Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture(scope="session")
async def checks() -> AsyncIterator[Checker]:
    """One checker for all tests, with tests bounded to twenty seconds."""
    cache = Path(os.environ.get("QL_CACHE_DIR", Path.home() / ".cache" / "quantumlayer"))
    async with checker(cache=cache, seconds=20, jobs=2) as opened:
        yield opened


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files, given as path → content, into a new folder."""

    def into(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "project"
        folder.mkdir()
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return folder

    return into


@pytest.fixture
def check(checks: Checker, write: Write) -> Check:
    """The report on a project of these files, or on one file of it."""

    async def run(files: Mapping[str, str], only: str = "") -> CheckReport:
        return await checks.check(write(files) / only)

    return run
