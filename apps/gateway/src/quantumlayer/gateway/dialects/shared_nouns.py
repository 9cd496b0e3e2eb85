"""What the formats say in different words and mean alike, in the router's nouns."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quantumlayer.gateway.dialects.checks import field, needed, wrong
from quantumlayer.router import Message
from quantumlayer.router.messages import Part, ReasoningPart, Role, ToolDefinition
from quantumlayer.router.profiles.profile import Effort
from quantumlayer.router.providers.protocol import ToolChoice

_EFFORTS: dict[str, Effort] = {
    "none": "none",
    "minimal": "minimal",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}
_NAME_LENGTH = 64

Marked = tuple[Part, bool]
"""A part, and whether everything up to its end shall be kept in the provider's cache."""


def messages_of(role: Role, parts: Iterable[Marked]) -> Iterator[Message]:
    """One message, or several where a mark stands in its middle: marks are at messages' ends."""
    gathered: list[Part] = []
    for part, keep in parts:
        gathered.append(part)
        if keep:
            yield Message(role=role, content=tuple(gathered), cache_until_here=True)
            gathered = []
    if gathered:
        yield Message(role=role, content=tuple(gathered))


def effort_of(value: str | None, path: str) -> Effort | None:
    """The effort that a word means; those above `high` are `high` here."""
    if value is None:
        return None
    if value not in _EFFORTS:
        raise wrong(path, f"must be one of {', '.join(_EFFORTS)}")
    return _EFFORTS[value]


def stops_of(body: dict[str, Any], name: str) -> tuple[str, ...]:
    """The texts at which the answer ends: one or a list of them."""
    value = body.get(name)
    if isinstance(value, str):
        return (value,)
    found = field(body, name, list) or []
    if not all(isinstance(each, str) for each in found):
        raise wrong(name, "must be text or a list of texts")
    return tuple(found)


def tool_of(place: dict[str, Any], schema: str, path: str) -> ToolDefinition:
    """A function that may be called; `schema` is the name of its arguments' schema."""
    name = needed(place, "name", str, path)
    if len(name) > _NAME_LENGTH:
        raise wrong(f"{path}name", f"may have {_NAME_LENGTH} characters")
    return ToolDefinition(
        name=name,
        description=field(place, "description", str, path) or "",
        parameters=field(place, schema, dict, path) or {"type": "object", "properties": {}},
    )


def thought_of(block: dict[str, Any], path: str) -> ReasoningPart:
    """A thought in a block of Anthropic's kind, which litellm's clients give back too."""
    if block.get("type") == "redacted_thinking":
        return ReasoningPart(sealed=needed(block, "data", str, f"{path}."))
    return ReasoningPart(
        text=field(block, "thinking", str, f"{path}.") or "",
        signature=field(block, "signature", str, f"{path}.") or None,
    )


def choice_of(body: dict[str, Any], name: Callable[[dict[str, Any]], str]) -> ToolChoice | None:
    """OpenAI's words for whether tools may be called; `name` finds the one that must be."""
    wanted, parallel = body.get("tool_choice"), field(body, "parallel_tool_calls", bool)
    if wanted is None and parallel is not False:
        return None
    many = parallel is not False
    if isinstance(wanted, dict) and wanted.get("type") == "function":
        return ToolChoice(mode="required", name=name(wanted), parallel=many)
    if wanted is None or wanted == "auto":
        return ToolChoice(mode="auto", parallel=many)
    if wanted in {"none", "required"}:
        return ToolChoice(mode=wanted, parallel=many)
    raise wrong("tool_choice", "must be auto, none, required or a function's name")
