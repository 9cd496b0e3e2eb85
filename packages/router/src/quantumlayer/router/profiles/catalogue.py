"""What litellm's price map knows of single models: prices, sizes, abilities.

The map is a JSON file inside of the installed package. It is read without importing litellm: the
import takes seconds, the file milliseconds.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson
from pydantic import JsonValue

from quantumlayer.router.pricing import Price, Tier

_FILE = "litellm/model_prices_and_context_window_backup.json"
# Providers whose models stand in the map without the prefix by which they are asked.
_BARE = frozenset({"openai", "anthropic", "azure", "bedrock", "vertex_ai"})
# A prompt of exactly a tier's threshold pays that tier here, and with all others the one below.
_INCLUSIVE = frozenset({"xai"})
_THOUGHTS = "output_cost_per_reasoning_token"
_ABOVE = re.compile(
    r"((?:input|output)_cost_per_token|cache_(?:read|creation)_input_token_cost)"
    r"_above_(\d+)k_tokens"
)


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
        return await asyncio.to_thread(facts_of, model)

    async def price(self, model: str) -> Price | None:
        """The price of `model`; None where the map has none, or has it as free of charge."""
        facts = await self.facts(model)
        return facts.price if facts else None


def facts_of(model: str) -> ModelFacts | None:
    """What the map knows of `model`; reads it, which takes some milliseconds, the first time."""
    entries = _entries()
    entry = next((entries[name] for name in _names(model) if name in entries), None)
    return None if entry is None else _facts(entry)


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
    """The price with its tiers.

    The map has free of charge what its authors did not know; that is never taken for free.
    """
    steps = _steps(entry)
    first, *others = steps or [(0, entry)]
    rates = _rates(first[1])
    if rates is None or not (rates["input_usd"] or rates["output_usd"]):
        return None
    above = 0 if entry.get("litellm_provider") in _INCLUSIVE else 1
    tiers = [
        Tier(from_tokens=threshold + above, **found)
        for threshold, each in others
        if (found := _rates(each)) is not None
    ]
    return Price(**rates, tiers=tuple(tiers))


def _steps(entry: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """Above how many tokens of a prompt which rates hold, lowest first."""
    listed = entry.get("tiered_pricing")
    if isinstance(listed, list) and listed:
        ranged = [each for each in listed if _is_range(each.get("range"))]
        return sorted(((int(each["range"][0]), each) for each in ranged), key=itemgetter(0))
    # What a tier does not name is as it is below; thoughts cost what other output costs there.
    plain = {name: value for name, value in entry.items() if name != _THOUGHTS}
    above: dict[int, dict[str, Any]] = {}
    for name, value in entry.items():
        if found := _ABOVE.fullmatch(name):
            above.setdefault(int(found[2]) * 1_000, {**plain})[found[1]] = value
    return [(0, entry), *sorted(above.items())]


def _is_range(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], int | float)


def _rates(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The arguments of `Rates`; None where input or output has no price."""
    asked, answered = _usd(entry, "input_cost_per_token"), _usd(entry, "output_cost_per_token")
    if asked is None or answered is None:
        return None
    return {
        "input_usd": asked,
        "output_usd": answered,
        "cached_usd": _usd(entry, "cache_read_input_token_cost"),
        # Zero here means that writing costs nothing beside the tokens themselves.
        "cache_written_usd": _usd(entry, "cache_creation_input_token_cost") or None,
        "reasoning_usd": _usd(entry, _THOUGHTS),
    }


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
