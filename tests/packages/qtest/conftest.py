"""Real projects in temporary folders, tested in a real sandbox."""

import os
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from quantumlayer.qtest import Limits, Sandbox, TestReport, probe_sandbox, run_tests

MakeProject = Callable[..., Path]
Check = Callable[..., Awaitable[TestReport]]

QUICK = Limits(wall_seconds=60, cpu_seconds=60)


@pytest.fixture(scope="session")
def cache() -> Path:
    """Installed environments, shared by every test run on this machine."""
    return Path(os.environ.get("QL_CACHE_DIR", Path.home() / ".cache" / "quantumlayer"))


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    """The sandbox of this machine; without one these tests fail and say what to install."""
    return probe_sandbox()


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Write files, given as path=content pairs, into a new folder."""

    def make(files: dict[str, str]) -> Path:
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content))
        return folder

    return make


@pytest.fixture
def check(make_project: MakeProject, cache: Path, sandbox: Sandbox) -> Check:
    """Test a project made of the given files and return its report."""

    async def run(files: dict[str, str], limits: Limits = QUICK) -> TestReport:
        return await run_tests(make_project(files), cache=cache, limits=limits, sandbox=sandbox)

    return run
