"""How trouble inside a run decides its verdict."""

from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    FailureError,
    TimeoutError,  # noqa: A004 - Temporal's own name
)

from quantumlayer.qtest import Verdict

# By the type of the ApplicationError: what the platform lacks, rather than what the code does.
_INFRASTRUCTURE = frozenset(
    {
        "AuthenticationFailed",
        "BudgetMissing",
        "BudgetsUnavailable",
        "CallInProgress",
        "GuardrailFailed",
        "ObjectMissing",
        "ObjectStoreFull",
        "ProviderUnavailable",
        "QuotaExhausted",
        "RateLimited",
        "SandboxUnavailable",
        "Timeout",
        "TimeoutError",
    }
)
# By the type of the ApplicationError: what the prompt, the model or the run's limits decided.
_FAILED = frozenset(
    {
        "AnswerTooLong",
        "BadRequest",
        "BlueprintTooLarge",
        "BudgetExceeded",
        "ContentFiltered",
        "ContextTooLong",
        "DependencyError",
        "FileNotWritten",
        "FileTooLarge",
        "GuardrailRefused",
        "InvalidAnswer",
        "ModelRefused",
        "PromptRefused",
        "ReasoningAteTheCap",
    }
)


def explain(error: BaseException) -> tuple[Verdict, str]:
    """The verdict that `error` means for the run, and the sentence that a user reads."""
    cause = _innermost(error)
    message = str(cause) or type(cause).__name__
    if isinstance(cause, ApplicationError) and cause.type in _FAILED:
        return Verdict.FAILED, cause.message
    if isinstance(cause, ApplicationError) and cause.type in _INFRASTRUCTURE:
        return Verdict.INFRASTRUCTURE_ERROR, cause.message
    if isinstance(cause, TimeoutError):
        return Verdict.INFRASTRUCTURE_ERROR, f"a step did not finish in its time: {message}"
    return Verdict.INFRASTRUCTURE_ERROR, message


def cause_of(error: BaseException) -> str:
    """The type of what went wrong, by which `explain` knows it again."""
    cause = _innermost(error)
    return (cause.type if isinstance(cause, ApplicationError) else None) or type(cause).__name__


def was_cancelled_before(error: BaseException) -> bool:
    """Whether the run had been cancelled before its workflow began."""
    cause = _innermost(error)
    return isinstance(cause, ApplicationError) and cause.type == "RunCancelled"


def _innermost(error: BaseException) -> BaseException:
    wrappers = (ActivityError, ChildWorkflowError, FailureError)
    while isinstance(error, wrappers) and error.__cause__ is not None:
        error = error.__cause__
    return error
