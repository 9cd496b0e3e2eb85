"""Codes and words by which providers name what went wrong, as kinds of the router's errors."""

import re

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
    "billing_error": QuotaExhausted,
    "content_filter": ContentFiltered,
    "content_policy_violation": ContentFiltered,
    "context_length_exceeded": ContextTooLong,
    "exceed_context_size_error": ContextTooLong,
    "request_too_large": ContextTooLong,
    "invalid_api_key": AuthenticationFailed,
    "authentication_error": AuthenticationFailed,
    "permission_error": AuthenticationFailed,
    "permission_denied": AuthenticationFailed,
    "unauthenticated": AuthenticationFailed,
    "rate_limit_exceeded": RateLimited,
    "rate_limit_error": RateLimited,
    "resource_exhausted": RateLimited,
    "timeout_error": Timeout,
    "deadline_exceeded": Timeout,
    "overloaded_error": ProviderUnavailable,
    "api_error": ProviderUnavailable,
    "server_error": ProviderUnavailable,
    "unavailable": ProviderUnavailable,
    "not_found_error": BadRequest,
    "model_not_found": BadRequest,
    "invalid_argument": BadRequest,
    "invalid_request_error": BadRequest,
}
# Servers without a code for it say in their own ways that the messages do not fit.
_TOO_LONG = re.compile(
    r"(?:context|sequence|prompt|input|message)s?[ _](?:length|size|window|limit)"
    r"|(?:prompt|input)s?\b.{0,40}\b(?:too (?:long|large)|exceed|tokens? \+)"
    r"|reduce the length of|too many tokens|token limit",
    re.IGNORECASE | re.DOTALL,
)


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


def says_too_long(words: str) -> bool:
    """Whether the words of a refused request say that it does not fit into the context."""
    return _TOO_LONG.search(words) is not None
