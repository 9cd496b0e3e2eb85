"""The gateway as an ASGI application: who answers which path, and what becomes of errors."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from quantumlayer.gateway.admin import administer
from quantumlayer.gateway.dialects import DIALECTS, Dialect
from quantumlayer.gateway.endpoints import health
from quantumlayer.gateway.endpoints.documentation import documentation
from quantumlayer.gateway.endpoints.embeddings import embeddings
from quantumlayer.gateway.endpoints.models import models
from quantumlayer.gateway.endpoints.token_counts import count_tokens
from quantumlayer.gateway.http import ClientGone, GatewayError, Receive, Reply, Request, Scope, Send
from quantumlayer.gateway.http.errors import Dialect as ErrorShape
from quantumlayer.gateway.observability import served
from quantumlayer.gateway.services import Services, open_services
from quantumlayer.gateway.serving.completions import complete
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.router.configuration import ConfigurationError
from quantumlayer.router.observability import TracingUnavailable

_log = logging.getLogger(__name__)
_COMPLETIONS: dict[str, Dialect] = {
    "/v1/chat/completions": DIALECTS["openai_chat"],
    "/v1/messages": DIALECTS["anthropic_messages"],
    "/v1/responses": DIALECTS["openai_responses"],
}
_OTHERS: dict[str, Callable[[Request, Reply, Setup], Awaitable[None]]] = {
    "/v1/embeddings": embeddings,
    "/v1/messages/count_tokens": count_tokens,
}


class Gateway:
    """One process's gateway, of the configuration at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = AsyncExitStack()
        self._services: Services | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self._services is not None:
            await self._serve(Request.of(scope, receive), Reply(send), self._services)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._services = await self._stack.enter_async_context(open_services(self._path))
        except (ConfigurationError, TracingUnavailable, OSError) as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, request: Request, reply: Reply, services: Services) -> None:
        shape: ErrorShape = "anthropic" if request.for_anthropic else "openai"
        reply.headers.append((b"x-request-id", str(request.id).encode()))
        with served(request, reply):
            await self._answered(request, reply, services, shape)

    async def _answered(
        self, request: Request, reply: Reply, services: Services, shape: ErrorShape
    ) -> None:
        try:
            await self._answer(request, reply, services)
        except ClientGone:
            return
        except GatewayError as error:
            if not reply.begun:
                await error.send(reply, shape, str(request.id))
        except Exception:  # noqa: BLE001 - a client is always answered
            _log.exception("%s %s failed (%s)", request.method, request.path, request.id)
            if not reply.begun:
                failed = GatewayError("internal", "the gateway failed; its log says how")
                await failed.send(reply, shape, str(request.id))

    async def _answer(self, request: Request, reply: Reply, services: Services) -> None:
        # Taken once: a reload in the middle of a request changes nothing of it.
        setup = services.live.current
        dialect = _COMPLETIONS.get(request.path)
        if dialect is not None:
            _only("POST", request)
            await complete(request, reply, dialect, setup)
            return
        if request.path in _OTHERS:
            _only("POST", request)
            await _OTHERS[request.path](request, reply, setup)
            return
        if request.path.startswith("/admin/"):
            await administer(request, reply, services)
            return
        _only("GET", request)
        match request.path:
            case "/healthz":
                await health.healthz(reply)
            case "/readyz":
                await health.readyz(
                    reply, setup, await services.states(), await services.database_state()
                )
            case "/docs" | "/":
                await documentation(reply)
            case "/metrics":
                await health.metrics(reply, setup)
            case path if path == "/v1/models" or path.startswith("/v1/models/"):
                await models(request, reply, setup)
            case path:
                raise GatewayError(
                    "not_found", f"nothing is at {path}; see /docs for what there is"
                )


def _only(method: str, request: Request) -> None:
    if request.method != method:
        raise GatewayError("no_such_method", f"{request.path} takes {method} only")
