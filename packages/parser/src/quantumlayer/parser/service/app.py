"""The service alone: the routes, health, readiness and metrics."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from quantumlayer.parser.model import SourceText, SyntaxTier
from quantumlayer.parser.parser import Parser
from quantumlayer.parser.service.limits import Limits
from quantumlayer.parser.service.problems import Refused, problem
from quantumlayer.parser.service.routes import Analyst, make_router
from quantumlayer.parser.service.telemetry import Telemetry

_PATIENCE_SECONDS = 5.0
_PROBE = SourceText(path="probe.py", content="ready = True\n")


def create_app(parser: Parser | None = None, limits: Limits | None = None) -> FastAPI:
    """The service as an ASGI application; it closes the parser when it ends.

    `parser`: by default one with a worker for each processor, four at most.
    """
    used = parser or Parser()
    telemetry = Telemetry()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG001 - called by the framework
        async with used:
            yield

    app = FastAPI(
        title="QuantumLayer parser",
        description="Syntax, structure, measures and findings of source files.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
    )
    app.include_router(make_router(Analyst(used, limits or Limits(), telemetry)))
    app.add_exception_handler(Refused, problem)

    @app.get("/healthz", summary="The process lives", tags=["health"])
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", summary="Files can be analysed", tags=["health"])
    async def readyz(request: Request) -> Response:  # noqa: ARG001 - called by the framework
        ready = await _is_ready(used)
        body = {"status": "ready" if ready else "waiting"}
        return Response(to_json(body), 200 if ready else 503, media_type="application/json")

    @app.get("/metrics", summary="Counters for Prometheus", tags=["health"])
    async def metrics() -> Response:
        return Response(telemetry.exposition(), media_type="text/plain; version=0.0.4")

    return app


async def _is_ready(parser: Parser) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            (analysis,) = await parser.analyze([_PROBE])
    except (TimeoutError, RuntimeError):
        return False
    return analysis.syntax.tier is not SyntaxTier.STOPPED
