"""`/healthz`, `/readyz` and `/metrics`, for those who run the gateway."""

from collections.abc import Mapping

import orjson

from quantumlayer.gateway.http import JSON, Reply
from quantumlayer.gateway.observability import CONTENT_TYPE
from quantumlayer.gateway.serving.setup import Setup


async def healthz(reply: Reply) -> None:
    """The process lives."""
    await reply.whole(200, JSON, b'{"status":"ok"}')


async def readyz(reply: Reply, setup: Setup, parts: Mapping[str, str]) -> None:
    """200 when every part answers, else 503; `parts` says `ok` or what is wrong, by name.

    Deployments that rest are told and keep nobody out: others may answer in their place.
    """
    resting = sorted(name for name, health in setup.parts.health.items() if not health.available)
    ready = all(said == "ok" for said in parts.values())
    body = {"status": "ready" if ready else "waiting", "parts": parts, "resting": resting}
    await reply.whole(200 if ready else 503, JSON, orjson.dumps(body))


async def metrics(reply: Reply, setup: Setup) -> None:
    """Everything that is counted."""
    parts = setup.parts
    for name, health in parts.health.items():
        parts.metrics.circuits.labels(name).set(health.breaker.share)
    await reply.whole(200, CONTENT_TYPE, parts.metrics.text())
