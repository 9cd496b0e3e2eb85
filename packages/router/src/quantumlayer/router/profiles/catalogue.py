"""What litellm's price map knows of single models: prices, sizes, abilities.

The map is a JSON file inside of the installed package. It is read without importing litellm: the
import takes seconds, the file milliseconds.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import orjson
from pydantic import JsonValue

from quantumlayer.router.pricing import Price

_FILE = "litellm/model_prices_and_context_window_backup.json"
# Providers whose models stand in the map without the prefix by which they are asked.
_BARE = frozenset({"openai", "anthropic", "azure", "bedrock", "vertex_ai"})


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of one model; `sizes` and `abilities` are fields of `Profile`."""

    price: Price | None
    sizes: Mapping[str, JsonValue]
    abilities: Mapping[str, JsonValue]


class Catalogue:
    """The price map, read once a process, off the event loop, when first asked."""

    async def facts(self, model: str) -> ModelFacts | None:
        """What the map knows of `model`; None for one that is not in it."""
        entries = await asyncio.to_thread(_entries)
        entry = next((entries[name] for name in _names(model) if name in entries), None)
        return None if entry is None else _facts(entry)

    async def price(self, model: str) -> Price | None:
        """The price of `model`; None where the map has none, or has it as free of charge."""
        facts = await self.facts(model)
        return facts.price if facts else None


def _names(model: str) -> tuple[str, ...]:
    """The names under which the map may have the model."""
    prefix, slash, rest = model.partition("/")
    return (model, rest) if slash and prefix in _BARE else (model,)


def _facts(entry: Mapping[str, Any]) -> ModelFacts:
    schema = entry.get("supports_response_schema")
    return ModelFacts(
        price=_price(entry),
        sizes={
            "context_window": _size(entry.get("max_input_tokens")),
            "output_cap": _size(entry.get("max_output_tokens")),
        },
        abilities={
            "reasoning": entry.get("supports_reasoning"),
            "tools": entry.get("supports_function_calling"),
            "temperature": entry.get("supports_sampling_params"),
            "structured_output": "json_schema" if schema else None,
            "cache": "automatic" if entry.get("supports_prompt_caching") else None,
        },
    )


def _size(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _price(entry: Mapping[str, Any]) -> Price | None:
    """The price of the first tier, which is what nearly every call pays.

    The map has free of charge what its authors did not know; that is never taken for free.
    """
    tiers = entry.get("tiered_pricing")
    rates = tiers[0] if isinstance(tiers, list) and tiers else entry
    asked, answered = _usd(rates, "input_cost_per_token"), _usd(rates, "output_cost_per_token")
    if asked is None or answered is None or not (asked or answered):
        return None
    return Price(
        input_usd=asked,
        output_usd=answered,
        cached_usd=_usd(rates, "cache_read_input_token_cost"),
        # Zero here means that writing costs nothing beside the tokens themselves.
        cache_written_usd=_usd(rates, "cache_creation_input_token_cost") or None,
    )


def _usd(rates: Mapping[str, Any], name: str) -> Decimal | None:
    value = rates.get(name)
    return Decimal(str(value)) if isinstance(value, int | float) and value >= 0 else None


@cache
def _entries() -> Mapping[str, Mapping[str, Any]]:
    try:
        path = distribution("litellm").locate_file(_FILE)
    except PackageNotFoundError:
        return {}
    try:
        entries: dict[str, dict[str, Any]] = orjson.loads(Path(str(path)).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        # Another version of litellm may have its map elsewhere; prices are then unknown.
        return {}
    return entries
