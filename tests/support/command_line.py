"""Runs `quantumlayer` as a user does: a process of its own, its streams, its exit status."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command printed
        """The one JSON value on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line on stderr."""
        (line,) = self.err.strip().splitlines()
        return line


@dataclass(frozen=True)
class CommandLine:
    """The command in `folder`, with the QL_ settings of `environment` and no others."""

    folder: Path
    environment: Mapping[str, str]

    async def run(self, *arguments: str, stdin: bytes = b"") -> Ended:
        """Runs it to its end."""
        async with self.started(*arguments) as process:
            out, err = await asyncio.wait_for(process.communicate(stdin), _PATIENCE_SECONDS)
        return Ended(process.returncode or 0, out.decode(), err.decode())

    @asynccontextmanager
    async def started(self, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Runs it beside the test; it is gone afterwards."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("QL_")}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "quantumlayer.cli.main", *arguments),
            cwd=self.folder,
            env={**clean, "PYTHONUNBUFFERED": "1", **self.environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
                await process.wait()


async def line_with(stream: asyncio.StreamReader | None, part: str) -> str:
    """The next line that holds `part`."""
    assert stream is not None
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while line := (await stream.readline()).decode():
            if part in line:
                return line
    raise AssertionError(f"the stream ended without a line with {part!r}")
