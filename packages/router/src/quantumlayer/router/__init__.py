"""LLM calls: providers, typed replies, stored replies, pricing, usage."""

from quantumlayer.router.composition import build_router
from quantumlayer.router.deltas import Delta
from quantumlayer.router.deployment import (
    around_providers,
    asks_nobody,
    call_limits,
    model_endpoint,
    unpriced,
)
from quantumlayer.router.errors import (
    AnswerTooLong,
    AuthenticationFailed,
    BadRequest,
    BudgetExceeded,
    BudgetMissing,
    CallInProgress,
    ContentFiltered,
    ContextTooLong,
    IdempotencyConflict,
    InvalidAnswer,
    ModelRefused,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    ReasoningAteTheCap,
    RouterError,
    Timeout,
)
from quantumlayer.router.memory_store import MemoryCallStore
from quantumlayer.router.messages import Message
from quantumlayer.router.nouns import CallLimits, Completion, CompletionRequest, Usage
from quantumlayer.router.pricing import FixedPrices, Price, PriceList
from quantumlayer.router.profiles.profile import Effort, Profile
from quantumlayer.router.providers import (
    AnsweringModel,
    ExternalModels,
    InProcessModel,
    InProcessProvider,
    ModelEndpoint,
    Provider,
    ProviderDirectory,
    ProviderReply,
    ProviderRequest,
    ProviderTraits,
    close_connections,
    installed_models,
)
from quantumlayer.router.receiving import OnPiece
from quantumlayer.router.repository import PostgresCallStore
from quantumlayer.router.retries import RetryPolicy
from quantumlayer.router.router import Router
from quantumlayer.router.store import Amount, Budget, CallRecord, CallStore

__all__ = [
    "Amount",
    "AnswerTooLong",
    "AnsweringModel",
    "AuthenticationFailed",
    "BadRequest",
    "Budget",
    "BudgetExceeded",
    "BudgetMissing",
    "CallInProgress",
    "CallLimits",
    "CallRecord",
    "CallStore",
    "Completion",
    "CompletionRequest",
    "ContentFiltered",
    "ContextTooLong",
    "Delta",
    "Effort",
    "ExternalModels",
    "FixedPrices",
    "IdempotencyConflict",
    "InProcessModel",
    "InProcessProvider",
    "InvalidAnswer",
    "MemoryCallStore",
    "Message",
    "ModelEndpoint",
    "ModelRefused",
    "OnPiece",
    "PostgresCallStore",
    "Price",
    "PriceList",
    "Profile",
    "Provider",
    "ProviderDirectory",
    "ProviderReply",
    "ProviderRequest",
    "ProviderTraits",
    "ProviderUnavailable",
    "QuotaExhausted",
    "RateLimited",
    "ReasoningAteTheCap",
    "RetryPolicy",
    "Router",
    "RouterError",
    "Timeout",
    "Usage",
    "around_providers",
    "asks_nobody",
    "build_router",
    "call_limits",
    "close_connections",
    "installed_models",
    "model_endpoint",
    "unpriced",
]
