"""What litellm raises, as the router's errors."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

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

_BY_STATUS: dict[int, type[RouterError]] = {
    401: AuthenticationFailed,
    402: QuotaExhausted,
    403: AuthenticationFailed,
    408: Timeout,
    413: ContextTooLong,
    429: RateLimited,
}
# litellm's own classes tell these apart from other refusals better than a status can.
_BY_NAME: dict[str, type[RouterError]] = {
    "ContextWindowExceededError": ContextTooLong,
    "ContentPolicyViolationError": ContentFiltered,
    "Timeout": Timeout,
    "APIConnectionError": ProviderUnavailable,
}
_BY_CODE: dict[str, type[RouterError]] = {
    "insufficient_quota": QuotaExhausted,
    "content_filter": ContentFiltered,
    "context_length_exceeded": ContextTooLong,
}


def translated(error: Exception, *, secret: str | None, now: datetime | None = None) -> RouterError:
    """The router's error for one that litellm raised, without `secret` in its text."""
    kind = _kind(error)
    message = str(error).removeprefix("litellm.")
    if secret:
        message = message.replace(secret, "[key]")
    after = _retry_after(error, now or datetime.now(UTC))
    return kind(message, retry_after=after)


def _kind(error: Exception) -> type[RouterError]:
    body: Any = getattr(error, "body", None)
    code = body.get("code") if isinstance(body, dict) else None
    if isinstance(code, str) and code in _BY_CODE:
        return _BY_CODE[code]
    for base in type(error).__mro__:
        if base.__name__ in _BY_NAME:
            return _BY_NAME[base.__name__]
    status = getattr(error, "status_code", None)
    if not isinstance(status, int) or status >= 500:
        return ProviderUnavailable
    return _BY_STATUS.get(status, BadRequest)


def _retry_after(error: Exception, now: datetime) -> float | None:
    """Seconds from a Retry-After header: a number, or a date (RFC 9110, 10.2.3)."""
    headers: Any = getattr(error, "litellm_response_headers", None)
    value = headers.get("retry-after") if headers is not None else None
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None
