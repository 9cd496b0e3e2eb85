"""Whether the language model that settings name answers, how fast, and at what price."""

from __future__ import annotations

import uuid

from pydantic import BaseModel

from quantumlayer.cli.platform.environment import inherited_environment
from quantumlayer.cli.platform.needs import Need
from quantumlayer.core.models import installed_names
from quantumlayer.core.settings import ModelSettings
from quantumlayer.router import (
    CallLimits,
    Completion,
    CompletionRequest,
    MemoryCallStore,
    Message,
    Price,
    Profile,
    RetryPolicy,
    RouterError,
    agent_rules,
    build_router,
    close_connections,
    model_endpoint,
    unpriced,
)
from quantumlayer.router.pricing import Rates

_SECONDS = 60.0
_MILLION = 1_000_000


class Word(BaseModel):
    """The answer that is asked for."""

    word: str


async def answer_need(settings: ModelSettings) -> Need | None:
    """Asks the default model for one word; None where it runs inside the worker.

    Raises `SettingsError` for a file of profiles, or a configuration, that cannot be used.
    """
    model = next(iter(settings.offered_models), None)
    if model is None or model in installed_names():
        return None
    router = build_router(
        MemoryCallStore(),
        in_process={},
        offered=[model],
        endpoint=model_endpoint(settings),
        retry=RetryPolicy(retries=0),
        rules=agent_rules(settings, inherited_environment()),
    )
    try:
        await router.check(model)
        completion = await router.complete(_question(model, settings), Word)
        facts = _facts(completion, await router.price(model), await router.profile(model))
    except RouterError as error:
        return Need(
            "answer", met=False, essential=True, found=f"none from {model}", advice=str(error)
        )
    finally:
        await close_connections()
    advice = "" if completion.usage.priced else f"Note: {unpriced(model)}."
    return Need("answer", met=True, essential=True, found=facts, advice=advice)


def _question(model: str, settings: ModelSettings) -> CompletionRequest:
    return CompletionRequest(
        task="doctor",
        organisation_id=uuid.uuid4(),
        model=model,
        messages=(
            Message(role="system", content="Answer with one JSON document and nothing else."),
            Message(role="user", content='Give a short English word: {"word": "…"}'),
        ),
        limits=CallLimits(
            max_output_tokens=settings.model_max_output_tokens,
            timeout_seconds=min(_SECONDS, settings.model_total_seconds),
            attempts=2,
        ),
        effort=settings.model_effort,
        temperature=settings.model_temperature,
        idempotency_key="doctor",
    )


def _facts(completion: Completion[Word], price: Price | None, profile: Profile) -> str:
    usage, word = completion.usage, completion.value.word[:40]
    begun = usage.first_token_seconds
    first = "" if begun is None else f"{begun:.1f} s to begin, "
    return (
        f"{usage.model} said “{word}”: {first}{usage.seconds:.1f} s in all; {_told(price)}; window"
        f" {profile.context_window:,}, replies up to {profile.output_cap:,} tokens, structured"
        f" output {profile.structured_output}, cache {profile.cache}"
        f"{', thinks' if profile.reasoning else ''}"
    )


def _told(price: Price | None) -> str:
    if price is None:
        return "price unknown"
    dearer = (
        f", {_rates(tier)} for prompts of {tier.from_tokens:,} and more" for tier in price.tiers
    )
    return "".join((f"{_rates(price)} for a million tokens", *dearer))


def _rates(rates: Rates) -> str:
    return f"${rates.input_usd * _MILLION:.2f} in and ${rates.output_usd * _MILLION:.2f} out"
