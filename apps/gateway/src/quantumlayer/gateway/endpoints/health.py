"""`/healthz`, `/readyz` and `/metrics`, for those who run the gateway."""

import asyncio
from collections.abc import Mapping

import orjson

from quantumlayer.gateway.http import JSON, Reply
from quantumlayer.gateway.observability import CONTENT_TYPE
from quantumlayer.gateway.serving.setup import Setup


async def healthz(reply: Reply) -> None:
    """The process lives."""
    await reply.whole(200, JSON, b'{"status":"ok"}')


async def readyz(
    reply: Reply, setup: Setup, parts: Mapping[str, str], database: str | None
) -> None:
    """200 when every part answers, else 503; `parts` says `ok` or what is wrong, by name.

    Deployments that rest are told and keep nobody out: others may answer in their place. Nor does
    the `database`, since rows of the audit wait for it on the disk.
    """
    resting = sorted(name for name, health in setup.parts.health.items() if not health.available)
    ready = all(said == "ok" for said in parts.values())
    named = dict(parts) if database is None else {**parts, "postgresql": database}
    body = {"status": "ready" if ready else "waiting", "parts": named, "resting": resting}
    await reply.whole(200 if ready else 503, JSON, orjson.dumps(body))


async def metrics(reply: Reply, setup: Setup) -> None:
    """Everything that is counted."""
    parts = setup.parts
    parts.metrics.circuits.clear()
    for name, health in parts.health.items():
        parts.metrics.circuits.labels(name).set(health.breaker.share)
    if setup.configuration.database is not None:
        parts.metrics.audit_waiting.set(await asyncio.to_thread(parts.journal.waiting))
    await reply.whole(200, CONTENT_TYPE, parts.metrics.text())
