"""A gateway that serves a test's own configuration on a free loopback port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn

from quantumlayer.core.identity import secret_hash
from quantumlayer.gateway.app import Gateway
from quantumlayer.gateway.http.connections import Connection

KEY = "ql_" + "k" * 43
ADMIN = "ql_" + "a" * 43


def hashed(secret: str) -> str:
    """A key as configurations know it."""
    return f"sha256:{secret_hash(secret)}"


@asynccontextmanager
async def gateway(folder: Path, configuration: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway with `configuration`; `STATE`, `KEY` and `ADMIN` in it are filled in.

    The file is `gateway.yaml` in `folder`.
    """
    path = folder / "gateway.yaml"
    path.write_text(written(folder, configuration))
    config = uvicorn.Config(
        Gateway(path), port=0, http=Connection, log_config=None, lifespan="on", ws="none"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(20):
            while not server.started:
                if serving.done():
                    raise RuntimeError(f"the gateway did not start: {serving.exception()}")
                await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"authorization": f"Bearer {KEY}"},
            timeout=30,
            trust_env=False,
        ) as client:
            yield client
    finally:
        server.should_exit = True
        await serving


def written(folder: Path, configuration: str) -> str:
    """The configuration as it stands in the file."""
    return (
        configuration.replace("STATE", str(folder / "state"))
        .replace("ADMIN", hashed(ADMIN))
        .replace("KEY", hashed(KEY))
    )
