"""GraphQL over HTTP and over WebSocket (graphql-transport-ws), for those with a credential."""

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from cross_web import HTTPException
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET, UnsetType

from quantumlayer.api.auth import principal_of, principal_of_authorization
from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.graphql.context import Context
from quantumlayer.api.graphql.schema import schema
from quantumlayer.api.request_id import current_request_id
from quantumlayer.api.services import Services
from quantumlayer.core.database import is_database_away
from quantumlayer.core.identity import Principal

_logger = logging.getLogger(__name__)
_RESPONSE_JSON = "application/graphql-response+json"
_JSON = "application/json"
# RFC 6455 and its registry of close codes.
_TRY_AGAIN_LATER = 1013


class GraphQLView(GraphQL[Context, None]):
    """The endpoint. Nothing is parsed before the credential is known to be good."""

    def __init__(self, services: Services) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=10),
            max_subscriptions_per_connection=20,
            allowed_origins=[services.base_url],
        )
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive=receive, send=send))
            return
        request = Request(scope, receive=receive)
        media_type = negotiated(request.headers.get("accept"))
        try:
            response = await self.run(request)
        except HTTPException as error:
            response = _error_response(
                media_type, error.status_code, ErrorCode.BAD_INPUT, error.reason
            )
        except ApiError as error:
            response = _error_response(media_type, error.code.status, error.code, error.message)
        await response(scope, receive, send)

    async def get_context(
        self,
        request: Request | WebSocket,
        response: Response | WebSocket,  # noqa: ARG002 - called by the library
    ) -> Context:
        """Knows who asks; a WebSocket may say so later, in `connection_init`."""
        principal: Principal | None = None
        if request.scope["type"] == "http" or _carries_credential(request):
            try:
                principal = await principal_of(request, self._services)
            except ApiError:
                # Only a WebSocket that was accepted can be told why it is closed.
                if request.scope["type"] == "http":
                    raise
        return Context(self._services, principal, current_request_id())

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Lets a WebSocket in by the credential of its payload or of its handshake."""
        authorization = (context.connection_params or {}).get("authorization")
        try:
            if isinstance(authorization, str):
                context.principal = await principal_of_authorization(authorization, self._services)
        except ApiError:
            context.principal = None
        except Exception as error:
            if not is_database_away(error):
                raise
            # Not "forbidden": who asks could not be found out, and may well ask again.
            raise WebSocketException(_TRY_AGAIN_LATER, "the database does not answer") from None
        if context.principal is None:
            raise ConnectionRejectionError
        acknowledged: UnsetType = UNSET
        return acknowledged

    def should_render_graphql_ide(self, request: object) -> bool:  # noqa: ARG002 - called by the library
        """Never: its scripts would come from somebody else's server."""
        return False

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Remembers what the client wants to read."""
        response = await super().get_sub_response(request)
        response.media_type = negotiated(request.headers.get("accept"))
        return response

    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: Response,
    ) -> Response:
        """The result; as graphql-response+json an operation that never ran has status 400."""
        media_type = sub_response.media_type or _JSON
        body: object = response_data
        status = 200
        if isinstance(response_data, dict) and not _ran(response_data):
            body = {key: value for key, value in response_data.items() if key != "data"}
            status = 400 if media_type == _RESPONSE_JSON else 200
        return _json_response(media_type, status, body)

    def decode_json(self, data: str | bytes) -> object:
        """Strict: no bytes that are no UTF-8, no lone surrogates, no bottomless nesting."""
        decoded = orjson.loads(data)
        if isinstance(data, str | bytes) and not isinstance(decoded, dict):
            raise json.JSONDecodeError("expected one JSON object", "", 0)
        return decoded

    def encode_json(self, data: object) -> str:
        """Text, because the WebSocket protocol wants text frames."""
        return orjson.dumps(data).decode()


def negotiated(accept: str | None) -> str:
    """The media type of the answer: what GraphQL over HTTP prescribes for `accept`."""
    if accept and _RESPONSE_JSON in accept.lower():
        return _RESPONSE_JSON
    return _JSON


def _ran(response_data: Mapping[str, Any]) -> bool:
    """Whether execution began: only then an error names the field where it happened."""
    if response_data.get("data") is not None:
        return True
    return any("path" in error for error in response_data.get("errors") or ())


def _carries_credential(connection: HTTPConnection) -> bool:
    return "authorization" in connection.headers or "cookie" in connection.headers


def _error_response(media_type: str, status: int, code: ErrorCode, message: str) -> Response:
    error = {"message": message, "extensions": {"code": code.value}}
    return _json_response(media_type, status, {"errors": [error]})


def _json_response(media_type: str, status: int, body: object) -> Response:
    return Response(
        orjson.dumps(body),
        status_code=status,
        headers={"content-type": f"{media_type}; charset=utf-8", "cache-control": "no-store"},
    )
