"""`python -m quantumlayer.api` as a process: it starts, serves, and ends when it is told to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from quantumlayer.core.settings import ApiSettings
from tests.support.api_client import ApiClient

_PATIENCE_SECONDS = 30


def environment_of(settings: ApiSettings, port: int) -> dict[str, str]:
    """The settings as the platform gives them."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QL_")}
    assert settings.owner_key is not None
    return {
        **clean,
        "QL_DATABASE_URL": settings.database_url,
        "QL_REDIS_URL": settings.redis_url,
        "QL_TEMPORAL_ADDRESS": settings.temporal_address,
        "QL_OBJECT_STORE": str(settings.object_store),
        "QL_SECRET_KEY": settings.secret_key.get_secret_value(),
        "QL_OWNER_KEY": settings.owner_key.get_secret_value(),
        "QL_API_PORT": str(port),
    }


@asynccontextmanager
async def process(environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """The API as a process of its own; gone afterwards."""
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "quantumlayer.api"),
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def until_ready(url: str) -> None:
    """Waits until the API says that it can do its work."""
    async with asyncio.timeout(_PATIENCE_SECONDS), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


async def test_it_serves_until_it_is_told_to_end_and_logs_lines_of_json(
    api_settings: ApiSettings,
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = environment_of(api_settings, port)
    async with process(environment) as api:
        await until_ready(url)
        client = ApiClient(url, environment["QL_OWNER_KEY"])
        answer = await client.request(
            "POST",
            "/graphql",
            json={"query": "{ viewer { role } }"},
            headers={"x-request-id": "seen-in-the-log"},
        )
        assert answer.json()["data"]["viewer"]["role"] == "owner"
        async with client.socket() as open_socket:
            await open_socket.recv()
            # An open WebSocket must not keep it from ending.
            api.send_signal(signal.SIGTERM)
            _, err = await asyncio.wait_for(api.communicate(), _PATIENCE_SECONDS)
    assert api.returncode in (0, -signal.SIGTERM)
    lines = [json.loads(line) for line in err.decode().splitlines()]
    (seen,) = [line for line in lines if line["request_id"] == "seen-in-the-log"]
    assert (seen["status"], seen["message"]) == (200, "POST /graphql")
    assert not [line for line in lines if line["level"] in ("error", "critical")]
    assert environment["QL_OWNER_KEY"] not in err.decode()


async def test_a_wrong_setting_is_one_line_that_names_it(api_settings: ApiSettings) -> None:
    environment = {**environment_of(api_settings, 1), "QL_API_PORT": "seven"}
    async with process(environment) as api:
        _, err = await asyncio.wait_for(api.communicate(), _PATIENCE_SECONDS)
    assert api.returncode == 1
    (line,) = err.decode().splitlines()
    assert "QL_API_PORT" in line
