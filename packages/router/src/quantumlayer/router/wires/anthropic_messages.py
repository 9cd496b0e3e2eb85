"""Requests in the format of Anthropic's Messages API.

Format: https://platform.claude.com/docs/en/api/messages. What is said there of structured output,
thinking and effort, as of the SDK of August 2026: `output_config.format` needs no beta header;
newer models take `thinking: adaptive` with an effort, older ones a budget of tokens; forced tools
go with neither of the two kinds of thinking.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import JsonValue

from quantumlayer.router.messages import ToolDefinition
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import ProviderRequest
from quantumlayer.router.wires.answers import answer_name, nearest_effort, with_schema
from quantumlayer.router.wires.anthropic_conversation import conversation
from quantumlayer.router.wires.anthropic_reader import AnthropicReader
from quantumlayer.router.wires.strict_schema import plain_schema

VERSION = "2023-06-01"
# The share of a reply's cap that may go into thoughts, so that an answer has its room; the format
# refuses less than this many tokens.
_SHARE = {"minimal": 0.1, "low": 0.25, "medium": 0.5, "high": 0.75}
_LEAST_BUDGET = 1_024
_NEVER_LEFT_OUT = frozenset({"model", "messages", "max_tokens"})

_Form = Literal["text", "native", "tool", "words"]


@dataclass(frozen=True, slots=True)
class _Thinking:
    parameter: dict[str, Any] | None = None
    effort: str | None = None

    @property
    def on(self) -> bool:
        return self.parameter is not None and self.parameter["type"] != "disabled"


class AnthropicMessagesWire:
    """The format of `/messages`; the request's `model` is sent as it stands.

    The profile's `structured_output` says how an answer's form is held: `json_schema` by
    `output_config`, `json_object` by a tool that must be called, `none` by words.
    """

    path = "/messages"

    def headers(self, key: str | None) -> Mapping[str, str]:
        return {"anthropic-version": VERSION, **({} if key is None else {"x-api-key": key})}

    def body(
        self, request: ProviderRequest, profile: Profile, *, without: frozenset[str] = frozenset()
    ) -> dict[str, JsonValue]:
        """The request; `without` may also name `effort` and `cache_control`."""
        cap = min(request.max_output_tokens, profile.output_cap)
        thinking = _thinking(request, profile, cap, without)
        form = _form(request, profile, thinking, without)
        messages = request.messages
        if form == "words" and request.json_schema is not None:
            messages = with_schema(messages, request.json_schema)
        system, turns = conversation(messages, profile, without)
        offered = profile.tools and request.tools and "tools" not in without
        free = profile.temperature and not thinking.on
        body: dict[str, Any] = {
            "model": request.model,
            "max_tokens": cap,
            "system": system,
            "messages": turns,
            "stream": True,
            "temperature": request.temperature if free else None,
            # Newer models refuse the two together.
            "top_p": request.top_p if free and request.temperature is None else None,
            "stop_sequences": [each for each in request.stop if each.strip()],
            "thinking": thinking.parameter,
            "output_config": _output_config(request, thinking, form),
            "tools": [_tool(tool) for tool in request.tools] if offered else None,
            "tool_choice": _tool_choice(request, thinking) if offered else None,
        }
        if form == "tool":
            body |= _answer_tool(request)
        refused = without - _NEVER_LEFT_OUT
        return {
            name: value
            for name, value in body.items()
            if name not in refused and value not in (None, [], {})
        }

    def reader(self, request: ProviderRequest) -> AnthropicReader:
        return AnthropicReader(tools_offered=bool(request.tools))


def _thinking(
    request: ProviderRequest, profile: Profile, cap: int, without: frozenset[str]
) -> _Thinking:
    """An effort where the family has any, else a budget where it thinks at all."""
    if request.effort is None or not profile.reasoning or "thinking" in without:
        return _Thinking()
    effort = nearest_effort(request.effort, profile.efforts)
    if effort is not None and "effort" not in without:
        if effort == "none":
            return _Thinking({"type": "disabled"})
        return _Thinking({"type": "adaptive"}, effort)
    budget = max(_LEAST_BUDGET, int(cap * _SHARE.get(request.effort, 0)))
    if request.effort == "none" or budget >= cap:
        return _Thinking()
    return _Thinking({"type": "enabled", "budget_tokens": budget})


def _form(
    request: ProviderRequest, profile: Profile, thinking: _Thinking, without: frozenset[str]
) -> _Form:
    """How the form of the answer is held: as strictly as model and request allow."""
    if request.json_schema is None:
        return "text"
    wanted = profile.structured_output if request.form == "whole" else "none"
    native = wanted == "json_schema" and not {"output_config", "output_format"} & without
    if native and plain_schema(request.json_schema) is not None:
        return "native"
    free = not (request.tools or thinking.on or {"tool_choice", "tools"} & without)
    return "tool" if wanted != "none" and free else "words"


def _output_config(
    request: ProviderRequest, thinking: _Thinking, form: _Form
) -> dict[str, Any] | None:
    config: dict[str, Any] = {} if thinking.effort is None else {"effort": thinking.effort}
    if form == "native" and request.json_schema is not None:
        config["format"] = {"type": "json_schema", "schema": plain_schema(request.json_schema)}
    return config


def _answer_tool(request: ProviderRequest) -> dict[str, Any]:
    """The tool whose arguments are the answer."""
    name = answer_name(request.task)
    schema = request.json_schema or {"type": "object"}
    tool = ToolDefinition(name=name, description="Gives the answer.", parameters=schema)
    return {"tools": [_tool(tool)], "tool_choice": {"type": "tool", "name": name}}


def _tool_choice(request: ProviderRequest, thinking: _Thinking) -> dict[str, Any] | None:
    """Whether tools may be called; who thinks may not be made to."""
    choice = request.tool_choice
    if choice is None:
        return None
    if choice.mode == "none":
        return {"type": "none"}
    alone = {} if choice.parallel else {"disable_parallel_tool_use": True}
    if choice.mode == "auto" or thinking.on:
        return {"type": "auto", **alone}
    named = {"type": "any"} if choice.name is None else {"type": "tool", "name": choice.name}
    return {**named, **alone}


def _tool(tool: ToolDefinition) -> dict[str, Any]:
    described = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **described, "input_schema": tool.parameters}
