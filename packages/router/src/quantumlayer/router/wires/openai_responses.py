"""Requests in the format of OpenAI's Responses, for models that are served by nothing else.

Nothing is kept at the provider (`store` is false): the conversation is sent whole each time, as on
the other wires, with the model's thoughts sealed in it.
"""

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
from quantumlayer.router.wires.answers import arguments_of, nearest_effort
from quantumlayer.router.wires.openai_chat import answer_form
from quantumlayer.router.wires.responses_reader import ResponsesReader, opened
from quantumlayer.router.wires.wire import bearer

_NEVER_LEFT_OUT = frozenset({"model", "input", "stream"})
# The format's own names for what `answer_form` knows by the names of chat completions.
_CHAT_NAMES = {"text": "response_format", "text.format": "response_format"}


class OpenAIResponsesWire:
    """The format of `/responses`; the request's `model` is sent as it stands."""

    path = "/responses"

    def headers(self, key: str | None) -> Mapping[str, str]:
        return bearer(key)

    def body(
        self, request: ProviderRequest, profile: Profile, *, without: frozenset[str] = frozenset()
    ) -> dict[str, JsonValue]:
        """The request; `without` names parameters, or parts of them such as `reasoning.effort`."""
        chat_names = frozenset(_CHAT_NAMES.get(name, name) for name in without)
        form, messages = answer_form(request, profile, chat_names)
        effort = nearest_effort(request.effort, profile.efforts)
        body: dict[str, Any] = {
            "model": request.model,
            "input": [item for message in messages for item in _items(message)],
            "stream": True,
            "store": False,
            "include": ["reasoning.encrypted_content"] if profile.reasoning else None,
            "max_output_tokens": min(request.max_output_tokens, profile.output_cap),
            "temperature": request.temperature if profile.temperature else None,
            "top_p": request.top_p if profile.temperature else None,
            "reasoning": {"effort": effort} if effort else None,
            "text": None if form is None else {"format": _flat(form)},
            "prompt_cache_key": request.cache_key if profile.cache_key else None,
            **(_tools(request) if profile.tools and "tools" not in without else {}),
        }
        refused = {name.partition(".")[0] for name in without} - _NEVER_LEFT_OUT
        return {
            name: value for name, value in body.items() if name not in refused and value is not None
        }

    def reader(self, request: ProviderRequest) -> ResponsesReader:
        return ResponsesReader(tools_offered=bool(request.tools))


def _flat(form: dict[str, Any]) -> dict[str, Any]:
    return {"type": form["type"], **form.get("json_schema", {})}


def _tools(request: ProviderRequest) -> dict[str, Any]:
    if not request.tools:
        return {}
    choice = request.tool_choice or ToolChoice()
    named = None if choice.name is None else {"type": "function", "name": choice.name}
    return {
        "tools": [_tool(tool) for tool in request.tools],
        "tool_choice": named or (choice.mode if request.tool_choice else None),
        "parallel_tool_calls": None if choice.parallel else False,
    }


def _tool(tool: ToolDefinition) -> dict[str, Any]:
    # By itself this format holds arguments to the schema strictly, and refuses most schemas then.
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
        "strict": False,
    }


def _items(message: Message) -> Iterator[dict[str, Any]]:
    """One message as items: words, thoughts, calls and results are items of their own."""
    said = message.role == "assistant"
    role = "user" if message.role == "tool" else message.role
    words = [_content(part, said=said) for part in message.parts if _is_content(part)]
    yield from _thoughts(message)
    yield from (_result(part) for part in message.parts if isinstance(part, ToolResultPart))
    if words:
        yield {"type": "message", "role": role, "content": words}
    yield from (_call(part) for part in message.parts if isinstance(part, ToolCallPart))


def _is_content(part: Part) -> bool:
    if isinstance(part, ReasoningPart):
        return False
    return isinstance(part, ImagePart) or (isinstance(part, TextPart) and bool(part.text))


def _content(part: Part, *, said: bool) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        return {"type": "input_image", "image_url": part.url}
    text = part.text if isinstance(part, TextPart) else ""
    return {"type": "output_text" if said else "input_text", "text": text}


def _thoughts(message: Message) -> Iterator[dict[str, Any]]:
    """Thoughts that this format sealed; those of other providers would be refused."""
    for part in message.parts:
        if isinstance(part, ReasoningPart) and part.sealed and (thought := opened(part.sealed)):
            yield thought


def _result(part: ToolResultPart) -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": part.call_id, "output": part.text}


def _call(part: ToolCallPart) -> dict[str, Any]:
    written = arguments_of(part.arguments)
    arguments = part.arguments if written else orjson.dumps(written).decode()
    return {"type": "function_call", "call_id": part.id, "name": part.name, "arguments": arguments}
