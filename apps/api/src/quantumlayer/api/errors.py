"""What may go wrong at the API's doors, said the same way by GraphQL and by HTTP."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """The kinds of errors. Their names are a contract with every client."""

    BAD_INPUT = "BAD_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"

    @property
    def status(self) -> int:
        """The HTTP status of an answer that is nothing but this error."""
        return _STATUS[self]


_STATUS = {
    ErrorCode.BAD_INPUT: 400,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.CONFLICT: 409,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.INTERNAL: 500,
}


class ApiError(Exception):
    """An error that the client may read: what is wrong and what to do about it."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def extensions(self) -> dict[str, object]:
        """What GraphQL puts beside the message."""
        return {"code": self.code.value}


def bad_input(message: str) -> ApiError:
    """The request cannot be understood or is out of bounds."""
    return ApiError(ErrorCode.BAD_INPUT, message)


def run_not_found(run_id: object) -> ApiError:
    """There is no such run, or it belongs to somebody else: both look the same from outside."""
    return ApiError(
        ErrorCode.NOT_FOUND,
        f"There is no run {run_id}. The query `runs` lists those there are.",
    )


def folder_not_found(folder_id: object) -> ApiError:
    """There is no such folder, or somebody else has sent it: both look the same from outside."""
    return ApiError(
        ErrorCode.NOT_FOUND, f"There is no folder {folder_id}. `POST /v1/folders` takes one."
    )


def preview_not_found(preview_id: object) -> ApiError:
    """There is no such preview, or it belongs to somebody else: both look the same."""
    return ApiError(
        ErrorCode.NOT_FOUND,
        f"There is no preview {preview_id}. The query `previews` lists those there are.",
    )


def database_away() -> ApiError:
    """PostgreSQL does not answer."""
    return ApiError(
        ErrorCode.UNAVAILABLE,
        "The database does not answer. Try again; `quantumlayer status` says which part is down.",
    )
