"""What a deployment's settings say of language models, in the router's words."""

from dataclasses import dataclass
from decimal import Decimal

from redis.asyncio import Redis

from quantumlayer.core.settings import ModelSettings, SettingsError
from quantumlayer.router.agents import AgentRules
from quantumlayer.router.limits import (
    FallbackLimiter,
    MemoryLimiter,
    RateLimit,
    RateLimiter,
    RedisLimiter,
)
from quantumlayer.router.money import Budgets, RedisBudgets
from quantumlayer.router.nouns import CallLimits
from quantumlayer.router.pricing import Price
from quantumlayer.router.profiles.overrides import read_overrides
from quantumlayer.router.providers.budgeted import BudgetedProvider
from quantumlayer.router.providers.endpoints import ModelEndpoint
from quantumlayer.router.providers.limited import LimitedProvider
from quantumlayer.router.providers.protocol import Provider
from quantumlayer.router.providers.surroundings import Around, PriceOf
from quantumlayer.router.recordings import RecordingProvider, ReplayingProvider, Tape

_MILLION = Decimal(1_000_000)


def call_limits(settings: ModelSettings) -> CallLimits:
    """What one answer may use."""
    return CallLimits(
        max_output_tokens=settings.model_max_output_tokens,
        max_cost_usd=settings.model_max_cost_usd,
        timeout_seconds=settings.model_total_seconds,
        silence_seconds=settings.model_silence_seconds,
        first_token_seconds=settings.model_first_token_seconds,
        attempts=settings.model_attempts,
        continuations=settings.model_continuations,
    )


def model_endpoint(settings: ModelSettings) -> ModelEndpoint:
    """Where models outside the worker are reached, and what is said of them here.

    Raises `SettingsError` for a file of profiles that cannot be read.
    """
    try:
        profiles = read_overrides(settings.model_profiles) if settings.model_profiles else {}
    except (ValueError, OSError) as error:
        raise SettingsError(f"QL_MODEL_PROFILES: {error}") from None
    return ModelEndpoint(
        base_url=settings.model_base_url,
        api_key=settings.model_api_key,
        main=settings.model,
        proxy=settings.model_proxy,
        structured_output=settings.model_structured_output,
        price=_price(settings),
        profiles=profiles,
    )


def around_providers(settings: ModelSettings, redis: "Redis", rules: AgentRules) -> Around:
    """What stands around every provider outside, by the deployment's settings and `rules`.

    From the outside in: guardrails, the recording, limits of rate, budgets. So recordings hold what
    guardrails let through, and no money is held back while a turn is waited for. All workers share
    limits and budgets through Redis. Where recordings are replayed nobody is asked.
    """
    return _Around(
        settings, rules, FallbackLimiter(RedisLimiter(redis), MemoryLimiter()), RedisBudgets(redis)
    )


@dataclass(frozen=True)
class _Around:
    settings: ModelSettings
    rules: AgentRules
    limiter: RateLimiter
    budgets: Budgets

    def model(self, provider: Provider, price: PriceOf) -> Provider:
        return self.group(self._paid(provider, price))

    def group(self, provider: Provider) -> Provider:
        settings, rules = self.settings, self.rules
        limit = RateLimit(
            f"model:{provider.name}",
            settings.model_requests_per_minute,
            settings.model_tokens_per_minute,
            settings.model_concurrent,
        )
        for each in (limit, *rules.rates):
            provider = LimitedProvider(provider, self.limiter, each)
        recorded = self._recorded(provider)
        if rules.pipeline is None:
            return recorded
        from quantumlayer.router.providers.guarded import GuardedProvider  # noqa: PLC0415 - guardrails are loaded only where there are some

        return GuardedProvider(recorded, rules.pipeline, rules.organisation)

    def deployment(self, provider: Provider, price: PriceOf, limit: RateLimit) -> Provider:
        return LimitedProvider(self._paid(provider, price), self.limiter, limit)

    def _recorded(self, provider: Provider) -> Provider:
        recording = self.settings.model_recording
        if recording is None:
            return provider
        tape = Tape(recording.folder)
        if asks_nobody(self.settings):
            return ReplayingProvider(tape, name=provider.name)
        return RecordingProvider(provider, tape)

    def _paid(self, provider: Provider, price: PriceOf) -> Provider:
        if not self.rules.purses:
            return provider
        return BudgetedProvider(provider, self.budgets, self.rules.limits, price)


def asks_nobody(settings: ModelSettings) -> bool:
    """Whether models outside are answered for by what was recorded, so that none need be there."""
    return settings.model_recording is not None and settings.model_recording.mode == "replay"


def unpriced(model: str) -> str:
    """What to know before a run of a model whose price nobody knows."""
    return (
        f"the price of {model} is not known, so no money is counted and only the limit of tokens"
        " holds; QL_MODEL_INPUT_USD_PER_MILLION and QL_MODEL_OUTPUT_USD_PER_MILLION say it"
    )


def _price(settings: ModelSettings) -> Price | None:
    asked, answered = settings.model_input_usd_per_million, settings.model_output_usd_per_million
    if asked is None and answered is None:
        return None
    free = Decimal(0)
    return Price(input_usd=(asked or free) / _MILLION, output_usd=(answered or free) / _MILLION)
