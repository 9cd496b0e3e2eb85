"""The least that a gateway in Python does: a request in over ASGI, the same request out.

    python -m benchmarks.gateway_sides.passthrough PORT PROVIDER_URL

No key, no look into what passes. The server is the gateway's own, the client is aiohttp's.
"""

import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import uvicorn

_URL = "QL_BENCH_PROVIDER"
_sessions: list[aiohttp.ClientSession] = []


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Passes a request and its answer on."""
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message.get("more_body"):
            break
    if not _sessions:
        _sessions.append(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
    headers = {"content-type": "application/json", "authorization": "Bearer provider"}
    url = os.environ[_URL] + "/chat/completions"
    async with _sessions[0].post(url, data=body, headers=headers) as response:
        kind = [(b"content-type", response.headers["content-type"].encode())]
        await send({"type": "http.response.start", "status": response.status, "headers": kind})
        async for chunk in response.content.iter_any():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    os.environ[_URL] = sys.argv[2]
    uvicorn.run(
        application,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
