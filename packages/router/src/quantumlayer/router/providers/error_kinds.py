"""Codes by which providers name what went wrong, as kinds of the router's errors."""

from quantumlayer.router.errors import (
    AuthenticationFailed,
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RouterError,
    Timeout,
)

BY_STATUS: dict[int, type[RouterError]] = {
    401: AuthenticationFailed,
    402: QuotaExhausted,
    403: AuthenticationFailed,
    408: Timeout,
    413: ContextTooLong,
    429: RateLimited,
}
BY_CODE: dict[str, type[RouterError]] = {
    "insufficient_quota": QuotaExhausted,
    "content_filter": ContentFiltered,
    "context_length_exceeded": ContextTooLong,
    "invalid_api_key": AuthenticationFailed,
    "rate_limit_exceeded": RateLimited,
    "invalid_request_error": BadRequest,
}


def kind_of_status(status: object) -> type[RouterError]:
    """The kind of an HTTP status; what is none, or is the server's fault, passes."""
    if not isinstance(status, int) or status >= 500:
        return ProviderUnavailable
    return BY_STATUS.get(status, BadRequest)


def kind_of_code(code: object) -> type[RouterError]:
    """The kind of the code in an error that came with status 200.

    Passing where nothing is known: the server took the request before something behind it failed.
    """
    word = str(code).lower()
    if word.isdecimal():
        return BY_STATUS.get(int(word), ProviderUnavailable)
    return BY_CODE.get(word, ProviderUnavailable)
