"""What a reply counts, under the many names by which servers count it."""

from collections.abc import Iterator
from typing import Any

from quantumlayer.router.deltas import TokenUsage

_Path = tuple[str, ...]


def _paths(*dotted: str) -> tuple[_Path, ...]:
    return tuple(tuple(path.split(".")) for path in dotted)


_INPUT = _paths("prompt_tokens", "input_tokens", "promptTokenCount", "prompt_eval_count")
_OUTPUT = _paths("completion_tokens", "output_tokens", "candidatesTokenCount", "eval_count")
_TOTAL = _paths("total_tokens", "totalTokenCount")
_CACHED = _paths(
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens",
    "cache_read_input_tokens",
    "cachedContentTokenCount",
    "cached_tokens",
)
_APART = ("cache_read_input_tokens", "cache_creation_input_tokens")
_WRITTEN = _paths(
    "cache_creation_input_tokens",
    "prompt_tokens_details.cache_write_tokens",
    "prompt_tokens_details.cache_creation_tokens",
)
_REASONING = _paths(
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
    "output_tokens_details.thinking_tokens",
    "thoughtsTokenCount",
    "reasoning_tokens",
)


def usage_in(document: dict[str, Any]) -> TokenUsage | None:
    """What a reply or a piece of one counts; None where it counts nothing."""
    for counts in _places(document):
        if isinstance(counts, dict) and (usage := usage_of(counts)) != TokenUsage():
            return usage
    return None


def _places(document: dict[str, Any]) -> Iterator[object]:
    """Where a reply may keep its counts: Groq's, Gemini's, Moonshot's, Ollama's own places too."""
    yield document.get("usage")
    yield document.get("usageMetadata")
    if "x_groq" in document:
        yield _at(document, ("x_groq", "usage"))
    choices = document.get("choices")
    if choices and isinstance(choices, list) and isinstance(choices[0], dict):
        yield choices[0].get("usage")
    if "eval_count" in document:
        yield {name: document.get(name) for name in ("prompt_eval_count", "eval_count")}


def usage_of(counts: dict[str, Any]) -> TokenUsage:
    """The counts as the router counts: cached input is input, reasoning is output.

    Anthropic counts what is read from and written into the cache apart from `input_tokens`; xAI
    and Gemini leave reasoning out of the output, which only their totals show.
    """
    # A whole prompt or answer of zero tokens means that nobody counted.
    asked, answered = _first(counts, _INPUT) or None, _first(counts, _OUTPUT) or None
    cached, written = _first(counts, _CACHED), _first(counts, _WRITTEN)
    reasoning = _first(counts, _REASONING)
    if "input_tokens" in counts and any(name in counts for name in _APART):
        asked = (asked or 0) + (cached or 0) + (written or 0) or None
    total = _first(counts, _TOTAL)
    if reasoning and total and total == (asked or 0) + (answered or 0) + reasoning:
        answered = (answered or 0) + reasoning
    return TokenUsage(
        input_tokens=asked,
        output_tokens=answered,
        cached_tokens=cached,
        cache_written_tokens=written,
        reasoning_tokens=reasoning,
    )


def _first(counts: dict[str, Any], paths: tuple[_Path, ...]) -> int | None:
    """The first count that is not zero; zero where there is no other, None where there is none."""
    found = None
    for path in paths:
        count = _count(_at(counts, path))
        if count:
            return count
        found = found if count is None else count
    return found


def _at(document: object, path: _Path) -> object:
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _count(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        counted = int(float(value))
    except (ValueError, OverflowError):
        return None
    return counted if counted >= 0 else None
