"""The parser's routes, for those with a credential."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from quantumlayer.api.dependencies import principal
from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.problems import problem
from quantumlayer.api.services import Services
from quantumlayer.parser.service import Analyst, Limits, Refused, Telemetry
from quantumlayer.parser.service import make_router as parser_router


def make_router(services: Services) -> APIRouter:
    """`POST /v1/analyze` and `GET /v1/languages`; workers start with the first file."""
    analyst = Analyst(services.parser, Limits(), Telemetry())
    return parser_router(analyst, [Depends(principal)])


async def on_refused(request: Request, error: Exception) -> Response:  # noqa: ARG001 - called by the framework
    """A refusal of the parser, told as every other one here is."""
    if not isinstance(error, Refused):
        raise error
    busy = error.status == 503
    code = ErrorCode.UNAVAILABLE if busy else ErrorCode.BAD_INPUT
    return problem(ApiError(code, error.detail), error.status)
