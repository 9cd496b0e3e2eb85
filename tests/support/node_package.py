"""A package of npm in this checkout: installed from its lock, and its own commands."""

import asyncio
import fcntl
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from quantumlayer.processes import Group, child_environment

ROOT = Path(__file__).parents[2]
COMMAND_SECONDS = 200
# What npm is told of this machine: where its registry and its cache are, and how to reach them.
ENVIRONMENT = (
    Group.BASE, Group.TOOLCHAINS, Group.PROXIES, Group.TRUST, Group.NPM_REGISTRY,
)  # fmt: skip


@dataclass(frozen=True)
class NodePackage:
    """A package in `folder`."""

    folder: Path

    async def prepare(self) -> None:
        """Installs what its lock names, without any script, and builds it, where it is not done.

        One process at a time does so; it is done again when the lock or a source has changed.
        """
        with (self.folder / "package-lock.json").open() as lock:
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            await self._once("node_modules", ["package-lock.json"], "npm", "ci", "--ignore-scripts")
            sources = ["package-lock.json", "tsconfig*.json", "src/**/*.ts"]
            await self._once("dist", sources, "npm", "run", "build")

    async def _once(self, made: str, inputs: list[str], *command: str) -> None:
        files = sorted(file for pattern in inputs for file in self.folder.glob(pattern))
        wanted = sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
        stamp = self.folder / "node_modules" / f".{made}-made-of"
        there = (self.folder / made).is_dir() and stamp.is_file()
        if not there or stamp.read_text() != wanted:
            await self.run(*command)
            stamp.write_text(wanted)

    async def run(self, *command: str, **environment: str) -> str:
        """What a command printed. Fails with that when it fails."""
        async with self.started(*command, **environment) as process:
            out, _ = await asyncio.wait_for(process.communicate(), COMMAND_SECONDS)
        said = out.decode()
        assert process.returncode == 0, f"{' '.join(command)}\n{said[-6000:]}"
        return said

    @asynccontextmanager
    async def started(
        self, *command: str, **environment: str
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """Runs a command beside the test, its errors among its output; it is gone afterwards."""
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env={**child_environment(*ENVIRONMENT), "NO_COLOR": "1", **environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                # Whatever it started is of its session.
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
