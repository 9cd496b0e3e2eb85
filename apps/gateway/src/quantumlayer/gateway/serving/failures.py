"""Errors of the router in the gateway's words."""

from quantumlayer.gateway.http import GatewayError
from quantumlayer.router import (
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    ModelRefused,
    RateLimited,
    RouterError,
    Timeout,
)
from quantumlayer.router.routing import is_unknown_model

# The first class that fits counts: subclasses stand before their bases. What is wrong with our own
# key or account at a provider is no fault of the client's.
_NAMES: tuple[tuple[type[RouterError], str], ...] = (
    (ContextTooLong, "context_too_long"),
    (BadRequest, "bad_request"),
    (RateLimited, "rate_limited"),
    (Timeout, "timed_out"),
    (ContentFiltered, "content_refused"),
    (ModelRefused, "content_refused"),
    (RouterError, "provider_failed"),
)


def told(error: RouterError) -> GatewayError:
    """The error as the client is told it."""
    if is_unknown_model(error):
        return GatewayError("provider_failed", str(error))
    name = next(name for known, name in _NAMES if isinstance(error, known))
    return GatewayError(name, str(error), retry_after=error.retry_after)
