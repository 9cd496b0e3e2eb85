"""Why a typed call failed; `retryable` says whether the same call can succeed later.

A layer above maps these once: retryable errors are tried again by it, after `retry_after` when
that is known, and all others end the step.
"""
# ruff: noqa: N818 - the names say what happened; each is read as `except RateLimited`

from decimal import Decimal
from typing import ClassVar, Literal


class RouterError(Exception):
    """Anything that keeps the router from giving a typed answer."""

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds to wait before the next try, when the provider named them."""
        self.status: int | None = None
        """The HTTP status with which the provider refused, when it was one."""
        self.tried = 1
        """How often the provider was asked before this was given up: part of the one budget."""


class ProviderUnavailable(RouterError):
    """No connection, a connection cut, a server error, or a reply that is not the protocol's."""

    retryable = True


class RateLimited(RouterError):
    """The provider refuses for now because too much was asked of it."""

    retryable = True


class Timeout(RouterError):
    """No complete answer within the call's `timeout_seconds`, or silence for too long."""

    retryable = True


class CallInProgress(RouterError):
    """Another process works on the same idempotency key and did not finish in time."""

    retryable = True


class QuotaExhausted(RouterError):
    """The provider account has no credit left: waiting does not help."""


class AuthenticationFailed(RouterError):
    """The provider does not accept the key, or the key may not use this model."""


class BadRequest(RouterError):
    """The provider refuses the request as it is: an unknown model, a parameter it cannot take."""


class ParameterRefused(BadRequest):
    """The provider does not take `parameter`; the same request without it may pass."""

    def __init__(self, message: str, *, parameter: str, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.parameter = parameter


class ContextTooLong(BadRequest):
    """The messages do not fit into the model's context."""


class ContentFiltered(RouterError):
    """The provider's content filter withheld the answer or refused the question."""


class ModelRefused(RouterError):
    """The model said that it will not answer; the message is its own words."""


class GuardrailRefused(RouterError):
    """A guardrail found something in the question or in the answer that may not pass."""


class GuardrailFailed(RouterError):
    """A guardrail that must be asked gave no verdict, so nothing passes without it."""


class InvalidAnswer(RouterError):
    """The model gave no valid answer in all its attempts; `problem` is what was wrong last."""

    def __init__(self, message: str, *, problem: str) -> None:
        super().__init__(message)
        self.problem = problem


class AnswerTooLong(RouterError):
    """The answer was still cut off after the last continuation allowed."""


class ReasoningAteTheCap(AnswerTooLong):
    """Thoughts used up the output limit, raised as far as the model allows, before any answer."""


class BudgetExceeded(RouterError):
    """The call could cost more than is left; nothing was spent on it."""

    def __init__(
        self,
        message: str,
        *,
        scope: Literal["call", "run", "organisation"],
        limit_usd: Decimal | None,
        limit_tokens: int | None = None,
    ) -> None:
        super().__init__(message)
        self.scope = scope
        self.limit_usd = limit_usd
        self.limit_tokens = limit_tokens


class BudgetMissing(RouterError):
    """A call that costs names a run for which no budget was opened."""


class IdempotencyConflict(RouterError):
    """The idempotency key was used before for another question."""
