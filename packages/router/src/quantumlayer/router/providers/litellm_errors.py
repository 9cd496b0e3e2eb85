"""What litellm raises, as the router's errors."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from quantumlayer.router.errors import (
    ContentFiltered,
    ContextTooLong,
    ProviderUnavailable,
    RouterError,
    Timeout,
)
from quantumlayer.router.wires.error_kinds import BY_CODE, kind_of_status

# litellm's own classes tell these apart from other refusals better than a status can.
_BY_NAME: dict[str, type[RouterError]] = {
    "ContextWindowExceededError": ContextTooLong,
    "ContentPolicyViolationError": ContentFiltered,
    "Timeout": Timeout,
    "APIConnectionError": ProviderUnavailable,
}


def translated(error: Exception, *, secret: str | None, now: datetime | None = None) -> RouterError:
    """The router's error for one that litellm raised, without `secret` in its text."""
    kind = _kind(error)
    message = without(secret, str(error).removeprefix("litellm."))
    after = _retry_after(error, now or datetime.now(UTC))
    return kind(message, retry_after=after)


def without(secret: str | None, text: str) -> str:
    """`text` with `secret` made unreadable."""
    return text.replace(secret, "[key]") if secret else text


def _kind(error: Exception) -> type[RouterError]:
    body: Any = getattr(error, "body", None)
    code = body.get("code") if isinstance(body, dict) else None
    if isinstance(code, str) and code in BY_CODE:
        return BY_CODE[code]
    for base in type(error).__mro__:
        if base.__name__ in _BY_NAME:
            return _BY_NAME[base.__name__]
    return kind_of_status(getattr(error, "status_code", None))


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
