"""Requests in OpenAI's chat completions format, as its many servers take them."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from pydantic import JsonValue

from quantumlayer.router.messages import (
    ImagePart,
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
)
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import ProviderRequest, ToolChoice
from quantumlayer.router.wires.answers import (
    answer_name,
    arguments_of,
    nearest_effort,
    with_schema,
)
from quantumlayer.router.wires.cache_marks import CACHE_MARK, marked
from quantumlayer.router.wires.openai_reader import OpenAIReader
from quantumlayer.router.wires.strict_schema import strict_schema
from quantumlayer.router.wires.wire import bearer

_CAPS = ("max_tokens", "max_completion_tokens")
_NEVER_LEFT_OUT = frozenset({"model", "messages"})


class OpenAIChatWire:
    """The format of `/chat/completions`; the request's `model` is sent as it stands."""

    path = "/chat/completions"

    def headers(self, key: str | None) -> Mapping[str, str]:
        return bearer(key)

    def body(
        self, request: ProviderRequest, profile: Profile, *, without: frozenset[str] = frozenset()
    ) -> dict[str, JsonValue]:
        """The request; `without` may also name what stands in messages, `reasoning_content`."""
        form, messages = answer_form(request, profile, without)
        body: dict[str, Any] = {
            "model": request.model,
            "messages": [
                written
                for message, keep in marked(messages, profile, without)
                for written in _messages(message, profile, keep=keep, without=without)
            ],
            "stream": True,
            "stream_options": {"include_usage": True} if "stream" not in without else None,
            _cap_name(profile, without): min(request.max_output_tokens, profile.output_cap),
            "temperature": request.temperature if profile.temperature else None,
            "reasoning_effort": nearest_effort(request.effort, profile.efforts),
            "prompt_cache_key": request.cache_key if profile.cache_key else None,
            "response_format": form,
            "top_p": request.top_p if profile.temperature else None,
            "stop": list(request.stop),
            **(_tools(request) if profile.tools and "tools" not in without else {}),
        }
        refused = without - _NEVER_LEFT_OUT
        return {
            name: value
            for name, value in body.items()
            if name not in refused and value is not None and value != []
        }

    def reader(self, request: ProviderRequest) -> OpenAIReader:
        return OpenAIReader(tools_offered=bool(request.tools))


def _cap_name(profile: Profile, without: frozenset[str]) -> str:
    """The parameter for the cap: the profile's, or the other one where that was refused."""
    other = _CAPS[1 - _CAPS.index(profile.output_parameter)]
    return other if profile.output_parameter in without else profile.output_parameter


def answer_form(
    request: ProviderRequest, profile: Profile, without: frozenset[str]
) -> tuple[dict[str, Any] | None, tuple[Message, ...]]:
    """How the answer's form is asked for, and the messages, with the schema where they tell it."""
    schema = request.json_schema
    if schema is None:
        return None, request.messages
    native = profile.structured_output if request.form == "whole" else "none"
    if "response_format" in without:
        native = "none"
    if native == "json_schema":
        strict = strict_schema(schema)
        wanted = {
            "name": answer_name(request.task),
            "schema": strict or schema,
            "strict": strict is not None,
        }
        return {"type": "json_schema", "json_schema": wanted}, request.messages
    form = {"type": "json_object"} if native == "json_object" else None
    return form, with_schema(request.messages, schema)


def _tools(request: ProviderRequest) -> dict[str, Any]:
    """The tools, and whether they may be called; the latter is refused where there are none."""
    if not request.tools:
        return {}
    choice, wanted = request.tool_choice or ToolChoice(), None
    if choice.name is not None:
        wanted = {"type": "function", "function": {"name": choice.name}}
    return {
        "tools": [_tool(tool) for tool in request.tools],
        "tool_choice": wanted or (choice.mode if request.tool_choice else None),
        "parallel_tool_calls": None if choice.parallel else False,
    }


def _tool(tool: ToolDefinition) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters,
        },
    }


def _messages(
    message: Message, profile: Profile, *, keep: bool, without: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """One message as the format's: each result of a tool is one of its own."""
    results = [part for part in message.parts if isinstance(part, ToolResultPart)]
    rest = tuple(part for part in message.parts if not isinstance(part, ToolResultPart))
    for place, part in enumerate(results, start=1):
        mark = keep and profile.tool_content_parts and not rest and place == len(results)
        words = _content((TextPart(text=part.text),), keep=mark)
        yield {"role": "tool", "tool_call_id": part.call_id, "content": words}
    if message.role == "assistant":
        yield _assistant(rest, profile, keep=keep, without=without)
    elif rest:
        role = "user" if message.role == "tool" else message.role
        yield {"role": role, "content": _content(rest, keep=keep)}


def _assistant(
    parts: tuple[Part, ...], profile: Profile, *, keep: bool, without: frozenset[str]
) -> dict[str, Any]:
    words = tuple(part for part in parts if isinstance(part, TextPart))
    calls = [_call(part) for part in parts if isinstance(part, ToolCallPart)]
    thoughts = "".join(part.text for part in parts if isinstance(part, ReasoningPart))
    # Null beside calls: some servers take an empty answer for an answer.
    said: dict[str, Any] = {"role": "assistant", "content": None if calls else ""}
    if words:
        said["content"] = _content(words, keep=keep)
    if calls:
        said["tool_calls"] = calls
    if profile.reasoning_echo == "reasoning_content" and thoughts:
        said["reasoning_content"] = thoughts
    return {name: value for name, value in said.items() if name not in without - {"content"}}


def _call(part: ToolCallPart) -> dict[str, Any]:
    written = arguments_of(part.arguments)
    call: dict[str, Any] = {
        "id": part.id,
        "type": "function",
        "function": {
            "name": part.name,
            "arguments": part.arguments if written else orjson.dumps(written).decode(),
        },
    }
    if part.signature is not None:
        call["extra_content"] = {"google": {"thought_signature": part.signature}}
    return call


def _content(parts: tuple[Part, ...], *, keep: bool) -> str | list[dict[str, Any]]:
    """A string where words are all there is: many servers take nothing else."""
    if not keep and all(isinstance(part, TextPart) for part in parts):
        return "".join(part.text for part in parts if isinstance(part, TextPart))
    written: list[dict[str, Any]] = []
    for part in parts:
        if isinstance(part, TextPart) and part.text:
            written.append({"type": "text", "text": part.text})
        elif isinstance(part, ImagePart):
            written.append({"type": "image_url", "image_url": {"url": part.url}})
    if keep and written:
        written[-1]["cache_control"] = CACHE_MARK
    return written
