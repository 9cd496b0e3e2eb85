"""A request of the Responses API in the router's nouns."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from quantumlayer.gateway.dialects.checks import field, needed, objects, wrong
from quantumlayer.gateway.dialects.shared_nouns import choice_of, tool_of
from quantumlayer.router import Message
from quantumlayer.router.messages import (
    ImagePart,
    Part,
    ReasoningPart,
    Role,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
)
from quantumlayer.router.providers.protocol import ToolChoice

_ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
}
_WORDS = frozenset({"text", "input_text", "output_text"})


def messages_in(body: dict[str, Any]) -> Iterator[Message]:
    """The conversation: items of one role after another are one message, as calls must be."""
    instructions, said = field(body, "instructions", str), body.get("input")
    if instructions:
        yield Message(role="system", content=instructions)
    if isinstance(said, str):
        yield Message(role="user", content=said)
        return
    parts = [each for path, item in objects(body, "input") for each in _item(item, path)]
    for role, group in groupby(parts, itemgetter(0)):
        yield Message(role=role, content=tuple(part for _, part in group))


def tools_in(body: dict[str, Any]) -> Iterator[ToolDefinition]:
    """The functions that may be called."""
    for path, tool in objects(body, "tools"):
        yield tool_of(tool, "parameters", f"{path}.")


def tool_choice_in(body: dict[str, Any]) -> ToolChoice | None:
    """Whether they may or must be called."""
    return choice_of(body, lambda wanted: needed(wanted, "name", str, "tool_choice."))


def schema_in(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the answer; that of any object where only JSON is asked for."""
    text = field(body, "text", dict) or {}
    form = field(text, "format", dict, "text.") or {}
    match form.get("type", "text"):
        case "text":
            return None
        case "json_object":
            return {"type": "object"}
        case "json_schema":
            return needed(form, "schema", dict, "text.format.")
    raise wrong("text.format.type", "must be text, json_object or json_schema")


def _item(item: dict[str, Any], path: str) -> Iterator[tuple[Role, Part]]:
    match item.get("type", "message"):
        case "message":
            role = _ROLES.get(str(item.get("role")))
            if role is None:
                raise wrong(f"{path}.role", f"must be one of {', '.join(_ROLES)}")
            for part in _content(item, "content", path):
                yield role, part
        case "reasoning":
            yield "assistant", _thought(item, path)
        case "function_call":
            call = ToolCallPart(
                id=needed(item, "call_id", str, f"{path}."),
                name=needed(item, "name", str, f"{path}."),
                arguments=field(item, "arguments", str, f"{path}.") or "",
            )
            yield "assistant", call
        case "function_call_output":
            yield from _result(item, path)
        case kind:
            raise wrong(f"{path}.type", f"{kind!r} cannot be told to this model's provider")


def _thought(item: dict[str, Any], path: str) -> ReasoningPart:
    """What was thought, with the proof that stands in the place of OpenAI's sealed text."""
    parts = (*objects(item, "summary", f"{path}."), *objects(item, "content", f"{path}."))
    text = "".join(field(part, "text", str, f"{where}.") or "" for where, part in parts)
    proof = field(item, "encrypted_content", str, f"{path}.")
    if proof and not text:
        return ReasoningPart(sealed=proof)
    return ReasoningPart(text=text, signature=proof)


def _result(item: dict[str, Any], path: str) -> Iterator[tuple[Role, Part]]:
    """The result's words; pictures in it stand behind it."""
    parts = [*_content(item, "output", path)]
    text = "".join(part.text for part in parts if isinstance(part, TextPart))
    yield "tool", ToolResultPart(call_id=needed(item, "call_id", str, f"{path}."), text=text)
    for part in parts:
        if isinstance(part, ImagePart):
            yield "tool", part


def _content(item: dict[str, Any], name: str, path: str) -> Iterator[Part]:
    content = item.get(name)
    if isinstance(content, str):
        yield TextPart(text=content)
        return
    for where, part in objects(item, name, f"{path}."):
        kind = part.get("type")
        if kind in _WORDS:
            yield TextPart(text=field(part, "text", str, f"{where}.") or "")
        elif kind == "refusal":
            yield TextPart(text=field(part, "refusal", str, f"{where}.") or "")
        elif kind == "input_image" and part.get("image_url"):
            yield ImagePart(url=needed(part, "image_url", str, f"{where}."))
        else:
            raise wrong(f"{where}.type", f"{kind!r} cannot be told to this model's provider")
