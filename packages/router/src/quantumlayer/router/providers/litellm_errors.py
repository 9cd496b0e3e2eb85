"""What litellm raises, as the router's errors."""

from typing import Any

from quantumlayer.router.errors import (
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    ParameterRefused,
    ProviderUnavailable,
    RouterError,
    Timeout,
)
from quantumlayer.router.transport.retry_after import retry_after
from quantumlayer.router.wires.error_kinds import BY_CODE, kind_of_status, refused_parameter

# litellm's own classes tell these apart from other refusals better than a status can.
_BY_NAME: dict[str, type[RouterError]] = {
    "ContextWindowExceededError": ContextTooLong,
    "ContentPolicyViolationError": ContentFiltered,
    "Timeout": Timeout,
    "APIConnectionError": ProviderUnavailable,
}


def translated(error: Exception, *, secret: str | None) -> RouterError:
    """The router's error for one that litellm raised, without `secret` in its text."""
    kind = _kind(error)
    message = without(secret, str(error).removeprefix("litellm."))
    if kind is BadRequest and (name := refused_parameter(message)):
        return ParameterRefused(message, parameter=name)
    headers: Any = getattr(error, "litellm_response_headers", None)
    return kind(message, retry_after=retry_after(headers or {}, message))


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
