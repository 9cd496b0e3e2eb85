"""The gateway as its users start it: a process of its own on a free loopback port."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from quantumlayer.processes import Group, child_environment
from tests.support.gateway import written

READY_SECONDS = 90


@dataclass(frozen=True)
class GatewayProcess:
    """A gateway that serves."""

    process: asyncio.subprocess.Process
    port: int
    folder: Path
    """Where its configuration and its state are."""

    @property
    def base_url(self) -> str:
        """What an OpenAI client wants as its base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def stop(self) -> None:
        """It is gone afterwards; what it was answering is not finished."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def gateway_process(folder: Path, configuration: str) -> AsyncIterator[GatewayProcess]:
    """`quantumlayer gateway` with `configuration`, filled in as `gateway` fills it in."""
    path = _configured(folder, configuration)
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "quantumlayer.cli.main", "gateway"),
        *("--config", str(path), "--port", str(port)),
        env=child_environment(Group.BASE, Group.ACCOUNT),
        stdin=asyncio.subprocess.DEVNULL,
    )
    served = GatewayProcess(process, port, folder)
    try:
        await _ready(served)
        yield served
    finally:
        await served.stop()


def _configured(folder: Path, configuration: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gateway.yaml"
    path.write_text(written(folder, configuration))
    return path


def free_port() -> int:
    """A port of the loopback at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _ready(served: GatewayProcess) -> None:
    async with (
        asyncio.timeout(READY_SECONDS),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}", trust_env=False) as client,
    ):
        while served.process.returncode is None:
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)
    raise AssertionError(f"the gateway ended with status {served.process.returncode}")
