"""Running a snippet of Python as the guest of a sandbox."""

import os
import sys
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from quantumlayer.qtest import BubblewrapSandbox, Limits, SandboxResult, probe_sandbox

Guest = Callable[..., Awaitable[SandboxResult]]


@pytest.fixture(
    scope="session",
    params=[True, False] if os.getuid() == 0 else [False],
    ids=["private host user", "single step"] if os.getuid() == 0 else ["single step"],
)
def walls(request: pytest.FixtureRequest) -> BubblewrapSandbox:
    """Every way of building the sandbox that this user can choose from."""
    probe_sandbox()
    return BubblewrapSandbox(private_host_user=request.param)


@pytest.fixture
def guest(walls: BubblewrapSandbox, tmp_path: Path) -> Guest:
    """Run Python code inside; it starts in an empty workspace."""

    python = str(Path(sys.executable).resolve())

    async def run(
        code: str, limits: Limits | None = None, files: dict[str, str] | None = None
    ) -> SandboxResult:
        workspace = tmp_path / "workspace"
        workspace.mkdir(exist_ok=True)
        for name, content in (files or {}).items():
            (workspace / name).write_text(content)
        (workspace / "guest.py").write_text(textwrap.dedent(code))
        return await walls.run(
            [python, "-I", "guest.py"],
            workspace=workspace,
            limits=limits or Limits(wall_seconds=30, cpu_seconds=30),
        )

    return run
