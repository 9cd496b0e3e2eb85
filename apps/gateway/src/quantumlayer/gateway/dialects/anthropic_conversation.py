"""A request of Anthropic's in the router's nouns."""

from collections.abc import Iterator
from typing import Any

import orjson

from quantumlayer.gateway.dialects.checks import field, needed, objects, wrong
from quantumlayer.gateway.dialects.shared_nouns import (
    Marked,
    effort_of,
    messages_of,
    thought_of,
    tool_of,
)
from quantumlayer.router import Message
from quantumlayer.router.messages import (
    ImagePart,
    Part,
    Role,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
)
from quantumlayer.router.profiles.profile import Effort
from quantumlayer.router.providers.protocol import ToolChoice

_ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant"}
_CHOICES = {"auto": "auto", "any": "required", "tool": "required", "none": "none"}
# The share of the answer's cap that may be thought, and the least effort that it is.
_SHARES: tuple[tuple[float, Effort], ...] = ((0.6, "high"), (0.35, "medium"), (0.15, "low"))


def messages_in(body: dict[str, Any]) -> Iterator[Message]:
    """The system prompt and the turns; raises `GatewayError` for what cannot be told."""
    messages = [*messages_of("system", _content(body, "system", ""))]
    for path, message in objects(body, "messages"):
        role = _ROLES.get(message["role"])
        if role is None:
            raise wrong(f"{path}.role", f"must be one of {', '.join(_ROLES)}")
        messages += messages_of(role, _content(message, "content", f"{path}."))
    if body.get("cache_control") and messages:
        messages[-1] = messages[-1].model_copy(update={"cache_until_here": True})
    yield from messages


def tools_in(body: dict[str, Any]) -> Iterator[ToolDefinition]:
    """The tools that may be called."""
    for path, tool in objects(body, "tools"):
        if (tool.get("type") or "custom") != "custom":
            raise wrong(f"{path}.type", "must be custom for this model's provider")
        yield tool_of(tool, "input_schema", f"{path}.")


def tool_choice_in(body: dict[str, Any]) -> ToolChoice | None:
    """Whether they may or must be called."""
    wanted = field(body, "tool_choice", dict)
    if wanted is None:
        return None
    mode = _CHOICES.get(str(wanted.get("type")))
    if mode is None:
        raise wrong("tool_choice.type", f"must be one of {', '.join(_CHOICES)}")
    named = wanted["type"] == "tool"
    return ToolChoice.model_validate(
        {
            "mode": mode,
            "name": needed(wanted, "name", str, "tool_choice.") if named else None,
            "parallel": not field(wanted, "disable_parallel_tool_use", bool, "tool_choice."),
        }
    )


def schema_in(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the answer, in the place of today or in that of the beta."""
    config = field(body, "output_config", dict) or {}
    form = field(config, "format", dict, "output_config.") or field(body, "output_format", dict)
    if not form:
        return None
    if form.get("type") != "json_schema":
        raise wrong("output_config.format.type", "must be json_schema")
    return needed(form, "schema", dict, "output_config.format.")


def effort_in(body: dict[str, Any]) -> Effort | None:
    """How hard to think: by name, or by the share of the answer that may be thought."""
    config, thinking = field(body, "output_config", dict) or {}, field(body, "thinking", dict) or {}
    if thinking.get("type") == "disabled":
        return "none"
    if config.get("effort") is not None:
        return effort_of(field(config, "effort", str, "output_config."), "output_config.effort")
    if thinking.get("type") == "adaptive":
        return "high"
    budget = field(thinking, "budget_tokens", int, "thinking.")
    if budget is None:
        return None
    share = budget / body["max_tokens"]
    return next((effort for least, effort in _SHARES if share >= least), "minimal")


def _content(place: dict[str, Any], name: str, path: str) -> Iterator[Marked]:
    content = place.get(name)
    if isinstance(content, str):
        yield TextPart(text=content), False
        return
    for where, block in objects(place, name, path):
        keep = bool(block.get("cache_control"))
        if block.get("type") == "tool_result":
            yield from _result(block, where, keep=keep)
        else:
            yield _part(block, where), keep


def _part(block: dict[str, Any], path: str) -> Part:
    match block.get("type"):
        case "text":
            return TextPart(text=field(block, "text", str, f"{path}.") or "")
        case "image":
            return ImagePart(url=_url(needed(block, "source", dict, f"{path}."), f"{path}.source"))
        case "thinking" | "redacted_thinking":
            return thought_of(block, path)
        case "tool_use":
            given = field(block, "input", dict, f"{path}.") or {}
            return ToolCallPart(
                id=needed(block, "id", str, f"{path}."),
                name=needed(block, "name", str, f"{path}."),
                arguments=orjson.dumps(given).decode(),
            )
        case kind:
            raise wrong(f"{path}.type", f"{kind!r} cannot be told to this model's provider")


def _result(block: dict[str, Any], path: str, *, keep: bool) -> Iterator[Marked]:
    """The result's words; pictures in it stand behind it."""
    parts = [part for part, _ in _content(block, "content", f"{path}.")]
    pictures = [part for part in parts if isinstance(part, ImagePart)]
    yield (
        ToolResultPart(
            call_id=needed(block, "tool_use_id", str, f"{path}."),
            text="".join(part.text for part in parts if isinstance(part, TextPart)),
            failed=field(block, "is_error", bool, f"{path}.") or False,
        ),
        keep and not pictures,
    )
    for picture in pictures:
        yield picture, keep and picture is pictures[-1]


def _url(source: dict[str, Any], path: str) -> str:
    match source.get("type"):
        case "url":
            return needed(source, "url", str, f"{path}.")
        case "base64":
            media = needed(source, "media_type", str, f"{path}.")
            return f"data:{media};base64,{needed(source, 'data', str, f'{path}.')}"
        case kind:
            raise wrong(f"{path}.type", f"{kind!r} cannot be told to this model's provider")
