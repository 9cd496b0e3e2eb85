"""The application: routes, middleware, and what runs beside the requests."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from http import HTTPStatus

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from quantumlayer.api import health, pages
from quantumlayer.api.errors import ApiError, ErrorCode, database_away
from quantumlayer.api.graphql import GraphQLView
from quantumlayer.api.middleware import NamedRequests, SmallBodies
from quantumlayer.api.problems import problem
from quantumlayer.api.request_id import current_request_id
from quantumlayer.api.rest import downloads, folders, parsing
from quantumlayer.api.services import Services, open_services
from quantumlayer.core.database import FAILURES, is_database_away
from quantumlayer.core.identity import ensure_default_organisation
from quantumlayer.core.settings import ApiSettings
from quantumlayer.parser.service import Refused

_logger = logging.getLogger(__name__)
_RETRY_SECONDS = 1.0


def create_app(settings: ApiSettings) -> FastAPI:
    """The API on the servers that `settings` name; none needs to be up yet."""
    services = open_services(settings)
    # No schema page and no OpenAPI: nothing is open to those without a credential.
    app = FastAPI(
        title="QuantumLayer", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan
    )
    app.state.services = services
    app.state.set_up = asyncio.Event()
    view = GraphQLView(services)
    app.router.routes += [
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/graphql", view),
        WebSocketRoute("/graphql", view),
    ]
    app.include_router(pages.router)
    app.include_router(downloads.router)
    app.include_router(folders.router)
    app.include_router(parsing.make_router(services))
    for failure in (*FAILURES, Exception):
        app.add_exception_handler(failure, _on_failure)
    app.add_exception_handler(ApiError, _on_api_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Refused, parsing.on_refused)
    app.add_middleware(SmallBodies)
    app.add_middleware(NamedRequests)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    chores = asyncio.create_task(_chores(services, app.state.set_up))
    try:
        yield
    finally:
        chores.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await chores
        await services.close()


async def _chores(services: Services, set_up: asyncio.Event) -> None:
    """Prepares the default organisation as soon as the database is there; then minds the queue."""
    key = services.settings.owner_key
    while not set_up.is_set():
        try:
            await ensure_default_organisation(
                services.database, key.get_secret_value() if key else None
            )
            set_up.set()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may go well
            _logger.warning("cannot prepare the default organisation yet: %s", error)
            await asyncio.sleep(_RETRY_SECONDS)
    await services.workflows.start_queued_forever()


async def _on_api_error(request: Request, error: Exception) -> Response:  # noqa: ARG001 - called by the framework
    if not isinstance(error, ApiError):
        raise error
    return problem(error)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """What the router itself refuses: a path or a method that is not here."""
    if not isinstance(error, HTTPException):
        raise error
    code = ErrorCode.NOT_FOUND if error.status_code == HTTPStatus.NOT_FOUND else ErrorCode.BAD_INPUT
    where = f"{request.method} {request.url.path}"
    answer = problem(ApiError(code, f"{where}: {error.detail}."), error.status_code)
    answer.headers.update(error.headers or {})
    return answer


async def _on_failure(request: Request, error: Exception) -> Response:  # noqa: ARG001 - called by the framework
    if is_database_away(error):
        return problem(database_away())
    _logger.error("a request failed", exc_info=error)
    return problem(
        ApiError(
            ErrorCode.INTERNAL,
            "Something went wrong here, not in your request. The log of the API says what, under"
            f" the request id {current_request_id()}.",
        )
    )
