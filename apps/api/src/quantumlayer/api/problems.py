"""Errors of the plain HTTP endpoints, as problem details (RFC 9457)."""

from http import HTTPStatus

import orjson
from starlette.responses import Response

from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.request_id import current_request_id


def problem(error: ApiError, status: int | None = None) -> Response:
    """`error` as an answer."""
    return _response(status or error.code.status, error.code, error.message)


def too_large(limit: int) -> Response:
    """413: the body has more than `limit` bytes."""
    return _response(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        ErrorCode.BAD_INPUT,
        f"The body has more than {limit:,} bytes. A prompt has at most 20,000 characters.",
    )


def _response(status: int, code: ErrorCode, message: str) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "code": code.value,
        "requestId": current_request_id(),
        # The shape that GraphQL clients look for.
        "errors": [{"message": message, "extensions": {"code": code.value}}],
    }
    return Response(
        orjson.dumps(body),
        status_code=status,
        media_type="application/problem+json",
        headers={"cache-control": "no-store"},
    )
