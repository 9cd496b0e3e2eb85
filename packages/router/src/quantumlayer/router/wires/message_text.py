"""What stands in a message of OpenAI's format, in every shape that servers give it."""

from collections.abc import Iterator
from typing import Any

from quantumlayer.router.deltas import ReasoningDelta
from quantumlayer.router.wires.lenient_json import dumped

_SPOKEN = frozenset({None, "text", "output_text", "input_text"})
_THOUGHT = frozenset({"thinking", "reasoning", "reasoning_text", "summary_text"})
_REASONING = ("reasoning_content", "reasoning", "thinking")
_DETAILS = ("reasoning_details", "thinking_blocks")
_WORDS = ("text", "thinking", "reasoning", "summary", "content")


def answer_in(message: dict[str, Any]) -> str:
    """The answer's words: a string, a list of parts, or the document itself."""
    content = message.get("content")
    if isinstance(content, list):
        return "".join(_spoken(part) for part in content)
    if isinstance(content, dict):
        # An answer may well have a type of its own.
        return (_spoken(content) if content.get("type") in _SPOKEN else "") or dumped(content)
    return content if isinstance(content, str) else ""


def reasoning_in(message: dict[str, Any]) -> str:
    """What was thought: servers that say it twice mean it once."""
    for name in _REASONING:
        if words := _words(message.get(name)):
            return words
    if words := "".join(_words(each) for each in _details(message)):
        return words
    content = message.get("content")
    parts = content if isinstance(content, list) else ()
    return "".join(_words(part) for part in parts if _kind(part) in _THOUGHT)


def proofs_in(message: dict[str, Any]) -> Iterator[ReasoningDelta]:
    """What a provider wants back beside the thoughts: signatures, and thoughts that are sealed."""
    for detail in _details(message):
        signature, sealed = detail.get("signature"), detail.get("data")
        if isinstance(sealed, str) and sealed:
            yield ReasoningDelta(sealed=sealed)
        elif isinstance(signature, str) and signature:
            yield ReasoningDelta(signature=signature)


def refusal_in(message: dict[str, Any]) -> str:
    """The words of a refusal; litellm passes them on in a place of its own."""
    more = message.get("provider_specific_fields")
    content = message.get("content")
    parts = content if isinstance(content, list) else []
    places = [message, more, *parts]
    said = (place.get("refusal") for place in places if isinstance(place, dict))
    return next((words for words in said if isinstance(words, str) and words), "")


def calls_in(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls or pieces of calls; OpenAI's first form of a call only where there is no other."""
    calls = message.get("tool_calls")
    found = [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    first_form = message.get("function_call")
    return found or ([{"function": first_form}] if isinstance(first_form, dict) else [])


def _details(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in _DETAILS:
        details = message.get(name)
        if isinstance(details, list):
            yield from (each for each in details if isinstance(each, dict))


def _spoken(part: object) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict) or part.get("type") not in _SPOKEN:
        return ""
    text = part.get("text")
    return text if isinstance(text, str) else ""


def _kind(part: object) -> object:
    return part.get("type") if isinstance(part, dict) else None


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(_words, value))
    if isinstance(value, dict):
        return next((words for name in _WORDS if (words := _words(value.get(name)))), "")
    return ""
