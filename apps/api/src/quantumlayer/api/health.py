"""`/healthz`: the process lives. `/readyz`: it can do its work, and which part keeps it from it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import orjson
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response

from quantumlayer.api.services import Services

_logger = logging.getLogger(__name__)
_PATIENCE_SECONDS = 2.0


async def healthz(request: Request) -> Response:  # noqa: ARG001 - called by the framework
    """200 as long as the process answers."""
    return _json(200, {"status": "ok"})


async def readyz(request: Request) -> Response:
    """200 when every part answers and the default organisation is there, else 503."""
    services: Services = request.app.state.services
    checks: dict[str, Callable[[], Awaitable[object]]] = {
        "database": lambda: _ask_database(services),
        "redis": lambda: _ask_redis(services),
        "temporal": services.workflows.check,
    }
    answers = await asyncio.gather(*(_state(name, check) for name, check in checks.items()))
    parts = dict(zip(checks, answers, strict=True))
    parts["setup"] = "ok" if request.app.state.set_up.is_set() else "waiting"
    ready = all(state == "ok" for state in parts.values())
    return _json(200 if ready else 503, {"status": "ready" if ready else "waiting", "parts": parts})


async def _state(name: str, check: Callable[[], Awaitable[object]]) -> str:
    try:
        await asyncio.wait_for(check(), _PATIENCE_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever it is, the part does not serve
        _logger.warning("%s does not answer: %s", name, error)
        return "down"
    return "ok"


async def _ask_database(services: Services) -> None:
    async with services.database.nobody() as session:
        await session.execute(text("SELECT 1"))


async def _ask_redis(services: Services) -> None:
    await services.redis.ping()


def _json(status: int, body: object) -> Response:
    return Response(
        orjson.dumps(body),
        status_code=status,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )
