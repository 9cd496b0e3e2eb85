"""A worker whose Temporal is away lives, says what it waits for, and works once it is back."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.cutting_proxy import cutting_proxy

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def worker(
    folder: Path, temporal: str, health: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QL_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "quantumlayer.worker",
        cwd=folder,
        env={
            **clean,
            "QL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            "QL_REDIS_URL": "redis://127.0.0.1:1/0",
            "QL_TEMPORAL_ADDRESS": temporal,
            "QL_OBJECT_STORE": str(folder / "objects"),
            "QL_SIGNING_KEY_FILE": str(folder / "key.pem"),
            "QL_WORKER_HEALTH_PORT": str(health),
        },
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def answer(health: int, status: int) -> httpx.Response:
    """The worker's first answer with that status."""
    deadline = time.monotonic() + 120
    async with httpx.AsyncClient() as client:
        while True:
            try:
                found = await client.get(f"http://127.0.0.1:{health}/readyz")
                if found.status_code == status:
                    return found
            except httpx.TransportError as error:
                assert time.monotonic() < deadline, error
            assert time.monotonic() < deadline, f"no {status} in time"
            await asyncio.sleep(0.1)


async def test_a_worker_outlives_temporals_absence_and_begins_when_it_is_there(
    tmp_path: Path, temporal_address: str
) -> None:
    port, health = free_port(), free_port()
    async with worker(tmp_path, f"127.0.0.1:{port}", health) as process:
        waiting = await answer(health, 503)
        assert waiting.json() == {"status": "waiting", "parts": {"temporal": "down"}}
        assert process.returncode is None
        async with cutting_proxy(f"http://{temporal_address}", port):
            assert (await answer(health, 200)).json() == {"status": "ready", "parts": {}}
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 30) == 0
