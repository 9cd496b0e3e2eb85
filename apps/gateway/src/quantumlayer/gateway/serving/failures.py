"""Errors of the router in the gateway's words: for clients, for breakers, for who is asked next."""

from quantumlayer.gateway.http import GatewayError
from quantumlayer.router import (
    AuthenticationFailed,
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    ModelRefused,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RouterError,
    Timeout,
)
from quantumlayer.router.routing import FailureKind

# The first class that fits counts: subclasses stand before their bases. What is wrong with our own
# key or account at a provider is no fault of the client's.
_KINDS: tuple[tuple[type[RouterError], FailureKind, str], ...] = (
    (ContextTooLong, FailureKind.CONTEXT_TOO_LONG, "context_too_long"),
    (BadRequest, FailureKind.BAD_REQUEST, "bad_request"),
    (AuthenticationFailed, FailureKind.AUTHENTICATION, "provider_failed"),
    (QuotaExhausted, FailureKind.QUOTA, "provider_failed"),
    (RateLimited, FailureKind.RATE_LIMITED, "rate_limited"),
    (Timeout, FailureKind.TIMEOUT, "timed_out"),
    (ContentFiltered, FailureKind.CONTENT_FILTERED, "content_refused"),
    (ModelRefused, FailureKind.CONTENT_FILTERED, "content_refused"),
    (ProviderUnavailable, FailureKind.SERVER_ERROR, "provider_failed"),
    (RouterError, FailureKind.SERVER_ERROR, "provider_failed"),
)


def kind_of(error: RouterError) -> FailureKind:
    """What kind of failure it is to the deployment that was asked."""
    if _is_unknown(error):
        return FailureKind.UNKNOWN_MODEL
    return next(kind for known, kind, _ in _KINDS if isinstance(error, known))


def told(error: RouterError) -> GatewayError:
    """The error as the client is told it."""
    if _is_unknown(error):
        return GatewayError("provider_failed", str(error))
    name = next(name for known, _, name in _KINDS if isinstance(error, known))
    return GatewayError(name, str(error), retry_after=error.retry_after)


def _is_unknown(error: RouterError) -> bool:
    """Whether the provider has no such model: a fault of the configuration, not of the request."""
    return isinstance(error, BadRequest) and error.status == 404
