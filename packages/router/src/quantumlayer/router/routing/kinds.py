"""What kind of failure an error of the router is to the deployment that was asked."""

from quantumlayer.router.errors import (
    AuthenticationFailed,
    BadRequest,
    BudgetExceeded,
    ContentFiltered,
    ContextTooLong,
    ModelRefused,
    QuotaExhausted,
    RateLimited,
    RouterError,
    Timeout,
)
from quantumlayer.router.money.errors import BudgetsUnavailable
from quantumlayer.router.routing.failures import FailureKind

# The first class that fits counts: subclasses stand before their bases.
_KINDS: tuple[tuple[type[RouterError], FailureKind], ...] = (
    (ContextTooLong, FailureKind.CONTEXT_TOO_LONG),
    (BadRequest, FailureKind.BAD_REQUEST),
    (AuthenticationFailed, FailureKind.AUTHENTICATION),
    (QuotaExhausted, FailureKind.QUOTA),
    (RateLimited, FailureKind.RATE_LIMITED),
    (Timeout, FailureKind.TIMEOUT),
    (ContentFiltered, FailureKind.CONTENT_FILTERED),
    (ModelRefused, FailureKind.CONTENT_FILTERED),
    # Our own word before anybody was asked: it says nothing of the deployment.
    (BudgetExceeded, FailureKind.CANCELLED),
    (BudgetsUnavailable, FailureKind.CANCELLED),
    (RouterError, FailureKind.SERVER_ERROR),
)


def kind_of(error: RouterError) -> FailureKind:
    """What kind of failure it is."""
    if is_unknown_model(error):
        return FailureKind.UNKNOWN_MODEL
    return next(kind for known, kind in _KINDS if isinstance(error, known))


def is_unknown_model(error: RouterError) -> bool:
    """Whether the provider has no such model: a fault of the configuration, not of the request."""
    return isinstance(error, BadRequest) and error.status == 404
