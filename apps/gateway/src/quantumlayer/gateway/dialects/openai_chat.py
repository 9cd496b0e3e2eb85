"""OpenAI's chat completions, as clients ask for them.

Format: https://platform.openai.com/docs/api-reference/chat. Two things stand beside it as other
servers have them: `reasoning_content` for thoughts, and `thinking_blocks` (litellm's) for those
that a provider wants back with its proof of them; `cache_control` at parts marks for its cache.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from quantumlayer.gateway.dialects.checks import body_of, count, field, needed, number, objects
from quantumlayer.gateway.dialects.dialect import Asked, Conversation, DialectName, Writer
from quantumlayer.gateway.dialects.openai_conversation import (
    messages_in,
    schema_in,
    tool_choice_in,
    tools_in,
)
from quantumlayer.gateway.dialects.openai_writer import OpenAIChatWriter
from quantumlayer.gateway.dialects.places import (
    Place,
    content_in,
    objects_in,
    replaced_at,
    text_in,
    texts_at,
)
from quantumlayer.gateway.dialects.shared_nouns import effort_of, stops_of

_TRANSLATED_PARTS = frozenset({"text", "image_url", "refusal", "thinking", "redacted_thinking"})
# What no other format can say.
_ONLY_HERE = (
    "audio",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "web_search_options",
)


class OpenAIChat:
    """The format of `/v1/chat/completions`."""

    name: DialectName = "openai_chat"

    def asked(self, body: object) -> Asked:
        found = body_of(body)
        model = needed(found, "model", str)
        needed(found, "messages", list)
        plain = _plain(found)
        for path, message in objects(found, "messages"):
            needed(message, "role", str, f"{path}.")
            if not isinstance(message.get("content"), str):
                for _, part in objects(message, "content", f"{path}."):
                    plain = plain and part.get("type") in _TRANSLATED_PARTS
        stream = field(found, "stream", bool) or False
        options = field(found, "stream_options", dict) or {}
        return Asked(
            model=model,
            body=found,
            stream=stream,
            usage_wanted=not stream or options.get("include_usage") is True,
            most_output=count(found, "max_completion_tokens") or count(found, "max_tokens"),
            acts=bool(found.get("tools") or found.get("functions")),
            plain=plain,
        )

    def texts(self, asked: Asked) -> tuple[str, ...]:
        return texts_at(asked, _places)

    def replaced(self, asked: Asked, texts: Sequence[str]) -> Asked:
        return replaced_at(asked, _places, texts)

    def conversation(self, asked: Asked) -> Conversation:
        body = asked.body
        return Conversation(
            messages=tuple(messages_in(body)),
            tools=tuple(tools_in(body)),
            tool_choice=tool_choice_in(body),
            json_schema=schema_in(body),
            most_output=asked.most_output,
            temperature=number(body, "temperature"),
            top_p=number(body, "top_p"),
            stop=stops_of(body, "stop"),
            effort=effort_of(field(body, "reasoning_effort", str), "reasoning_effort"),
            cache_key=field(body, "prompt_cache_key", str),
        )

    def passed_on(self, asked: Asked, model: str) -> dict[str, Any]:
        options = {**(asked.body.get("stream_options") or {}), "include_usage": True}
        return {**asked.body, "model": model, "stream": True, "stream_options": options}

    def writer(self, asked: Asked, reply_id: str) -> Writer:
        return OpenAIChatWriter(asked, reply_id)


def _plain(body: dict[str, Any]) -> bool:
    tools = objects_in(body, "tools")
    return (
        (field(body, "n", int) or 1) == 1
        and not any(body.get(name) for name in _ONLY_HERE)
        and "audio" not in (field(body, "modalities", list) or ())
        and all(tool.get("type", "function") == "function" for tool in tools)
    )


def _places(body: dict[str, Any]) -> Iterator[Place]:
    for message in objects_in(body, "messages"):
        yield from content_in(message, "content")
        yield from text_in(message, "refusal")
        calls = [call.get("function") for call in objects_in(message, "tool_calls")]
        for call in (*calls, message.get("function_call")):
            if isinstance(call, dict):
                yield from text_in(call, "arguments")
