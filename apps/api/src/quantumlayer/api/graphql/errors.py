"""Every error gets a code; those that are not for clients are masked and logged."""

import logging
from collections.abc import Iterator, Sequence

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import StreamExecutionResult

from quantumlayer.api.errors import ApiError, ErrorCode, database_away
from quantumlayer.api.request_id import current_request_id
from quantumlayer.core.database import is_database_away

_logger = logging.getLogger(__name__)
_MOST_ERRORS = 20


class ClientErrors(SchemaExtension):
    """Turns the errors of a result into what a client may see."""

    def on_operation(self) -> Iterator[None]:
        yield
        self._process(self.execution_context.result)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        self._process(result)
        yield

    def _process(self, result: object) -> None:
        errors = getattr(result, "errors", None)
        if errors:
            result.errors = client_errors(errors)  # type: ignore[attr-defined]  # set by the library, unknown to its types


def client_errors(errors: Sequence[GraphQLError]) -> list[GraphQLError]:
    """The first errors, each with a code and without what is not for clients."""
    return [_client_error(error) for error in errors[:_MOST_ERRORS]]


def _client_error(error: GraphQLError) -> GraphQLError:
    if error.extensions and "code" in error.extensions:
        return error
    original = error.original_error
    while isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    if original is None or isinstance(original, GraphQLError):
        return _rewritten(error, ErrorCode.BAD_INPUT, error.message)
    if isinstance(original, ApiError):
        return _rewritten(error, original.code, original.message)
    if isinstance(original, RecursionError):
        return _rewritten(error, ErrorCode.BAD_INPUT, "The operation is nested too deeply.")
    if is_database_away(original):
        _logger.warning("the database does not answer: %s", original)
        away = database_away()
        return _rewritten(error, away.code, away.message)
    return _masked(error, original)


def _masked(error: GraphQLError, original: BaseException) -> GraphQLError:
    _logger.error("a resolver failed at %s", error.path, exc_info=original)
    request_id = current_request_id()
    masked = _rewritten(
        error,
        ErrorCode.INTERNAL,
        f"Something went wrong here, not in your request. The log of the API says what, under the"
        f" request id {request_id}.",
    )
    masked.extensions = {**(masked.extensions or {}), "requestId": request_id}
    return masked


def _rewritten(error: GraphQLError, code: ErrorCode, message: str) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": code.value},
    )
