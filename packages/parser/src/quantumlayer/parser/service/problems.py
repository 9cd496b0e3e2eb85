"""Refusals, as problem details (RFC 9457)."""

from http import HTTPStatus

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """The request cannot be served; `detail` says why and what to do."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


async def problem(request: Request, error: Exception) -> Response:  # noqa: ARG001 - called by the framework
    """The answer to a refused request."""
    if not isinstance(error, Refused):
        raise error
    body = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
    }
    headers = {"cache-control": "no-store"}
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = "1"
    return Response(
        to_json(body), error.status, headers=headers, media_type="application/problem+json"
    )
