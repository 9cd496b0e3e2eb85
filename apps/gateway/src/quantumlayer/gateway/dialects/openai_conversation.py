"""A chat completion's request in the router's nouns."""

from collections.abc import Iterator
from typing import Any

from quantumlayer.gateway.dialects.checks import field, needed, objects, wrong
from quantumlayer.gateway.dialects.shared_nouns import (
    Marked,
    choice_of,
    messages_of,
    thought_of,
    tool_of,
)
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
    "tool": "tool",
}


def messages_in(body: dict[str, Any]) -> Iterator[Message]:
    """The conversation; raises `GatewayError` for what another provider cannot be told."""
    for path, message in objects(body, "messages"):
        role = _ROLES.get(message["role"])
        if role is None:
            raise wrong(f"{path}.role", f"must be one of {', '.join(_ROLES)}")
        keep = bool(message.get("cache_control"))
        parts = list(_result(message, path) if role == "tool" else _parts(message, path))
        if keep and parts:
            parts[-1] = (parts[-1][0], True)
        yield from messages_of(role, parts)


def tools_in(body: dict[str, Any]) -> Iterator[ToolDefinition]:
    """The functions that may be called."""
    for path, tool in objects(body, "tools"):
        if tool.get("type", "function") != "function":
            raise wrong(f"{path}.type", "must be function for this model's provider")
        yield tool_of(needed(tool, "function", dict, f"{path}."), "parameters", f"{path}.function.")


def tool_choice_in(body: dict[str, Any]) -> ToolChoice | None:
    """Whether they may or must be called."""
    return choice_of(body, _function_name)


def schema_in(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the answer; that of any object where only JSON is asked for."""
    form = field(body, "response_format", dict) or {}
    match form.get("type", "text"):
        case "text":
            return None
        case "json_object":
            return {"type": "object"}
        case "json_schema":
            wanted = needed(form, "json_schema", dict, "response_format.")
            return field(wanted, "schema", dict, "response_format.json_schema.") or {}
    raise wrong("response_format.type", "must be text, json_object or json_schema")


def _function_name(wanted: dict[str, Any]) -> str:
    function = needed(wanted, "function", dict, "tool_choice.")
    return needed(function, "name", str, "tool_choice.function.")


def _result(message: dict[str, Any], path: str) -> Iterator[Marked]:
    call = needed(message, "tool_call_id", str, f"{path}.")
    parts = tuple(_content(message, path))
    text = "".join(part.text for part, _ in parts if isinstance(part, TextPart))
    yield ToolResultPart(call_id=call, text=text), any(keep for _, keep in parts)


def _parts(message: dict[str, Any], path: str) -> Iterator[Marked]:
    yield from ((thought, False) for thought in _thoughts(message, path))
    yield from _content(message, path)
    if refusal := field(message, "refusal", str, f"{path}."):
        yield TextPart(text=refusal), False
    for where, call in objects(message, "tool_calls", f"{path}."):
        yield _call(call, where), False


def _thoughts(message: dict[str, Any], path: str) -> Iterator[Part]:
    """The blocks that carry a proof, or else the words alone."""
    blocks = tuple(objects(message, "thinking_blocks", f"{path}."))
    for where, block in blocks:
        yield thought_of(block, where)
    words = field(message, "reasoning_content", str, f"{path}.")
    if words and not blocks:
        yield ReasoningPart(text=words)


def _content(message: dict[str, Any], path: str) -> Iterator[Marked]:
    content = message.get("content")
    if isinstance(content, str):
        yield TextPart(text=content), False
        return
    for where, part in objects(message, "content", f"{path}."):
        yield _part(part, where), bool(part.get("cache_control"))


def _part(part: dict[str, Any], path: str) -> Part:
    match part.get("type"):
        case "text":
            return TextPart(text=field(part, "text", str, f"{path}.") or "")
        case "refusal":
            return TextPart(text=field(part, "refusal", str, f"{path}.") or "")
        case "image_url":
            image = part.get("image_url")
            url = image if isinstance(image, str) else needed(part, "image_url", dict, f"{path}.")
            if isinstance(url, dict):
                url = needed(url, "url", str, f"{path}.image_url.")
            return ImagePart(url=url)
        case "thinking" | "redacted_thinking":
            return thought_of(part, path)
        case kind:
            raise wrong(f"{path}.type", f"{kind!r} cannot be told to this model's provider")


def _call(call: dict[str, Any], path: str) -> ToolCallPart:
    function = needed(call, "function", dict, f"{path}.")
    extra = call.get("extra_content")
    google = extra.get("google") if isinstance(extra, dict) else None
    signature = google.get("thought_signature") if isinstance(google, dict) else None
    return ToolCallPart(
        id=needed(call, "id", str, f"{path}."),
        name=needed(function, "name", str, f"{path}.function."),
        arguments=field(function, "arguments", str, f"{path}.function.") or "",
        signature=signature if isinstance(signature, str) else None,
    )
