"""Anthropic's Messages API, as clients ask for it.

Format: https://platform.claude.com/docs/en/api/messages.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from quantumlayer.gateway.dialects.anthropic_conversation import (
    effort_in,
    messages_in,
    schema_in,
    tool_choice_in,
    tools_in,
)
from quantumlayer.gateway.dialects.anthropic_writer import AnthropicWriter
from quantumlayer.gateway.dialects.checks import body_of, count, field, needed, number, objects
from quantumlayer.gateway.dialects.dialect import Asked, Conversation, DialectName, Writer
from quantumlayer.gateway.dialects.places import (
    Place,
    content_in,
    objects_in,
    replaced_at,
    text_in,
    texts_at,
    texts_in,
)
from quantumlayer.gateway.dialects.shared_nouns import stops_of

_TRANSLATED = frozenset(
    {"text", "image", "thinking", "redacted_thinking", "tool_use", "tool_result"}
)


class AnthropicMessages:
    """The format of `/v1/messages`."""

    name: DialectName = "anthropic_messages"

    def asked(self, body: object) -> Asked:
        found = body_of(body)
        model = needed(found, "model", str)
        needed(found, "messages", list)
        most = count(found, "max_tokens")
        needed(found, "max_tokens", int)
        plain = _plain(found)
        for path, message in objects(found, "messages"):
            needed(message, "role", str, f"{path}.")
            if not isinstance(message.get("content"), str):
                for _, block in objects(message, "content", f"{path}."):
                    plain = plain and _plain_block(block)
        return Asked(
            model=model,
            body=found,
            stream=field(found, "stream", bool) or False,
            usage_wanted=True,
            most_output=most,
            acts=bool(found.get("tools")),
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
            stop=stops_of(body, "stop_sequences"),
            effort=effort_in(body),
        )

    def passed_on(self, asked: Asked, model: str) -> dict[str, Any]:
        return {**asked.body, "model": model, "stream": True}

    def writer(self, asked: Asked, reply_id: str) -> Writer:
        return AnthropicWriter(asked, reply_id)


def _plain(body: dict[str, Any]) -> bool:
    own_tools = (tool.get("type") or "custom" for tool in objects_in(body, "tools"))
    only_here = any(body.get(name) for name in ("container", "mcp_servers"))
    return not only_here and all(kind == "custom" for kind in own_tools)


def _plain_block(block: dict[str, Any]) -> bool:
    inner = objects_in(block, "content") if block.get("type") == "tool_result" else ()
    return block.get("type") in _TRANSLATED and all(map(_plain_block, inner))


def _places(body: dict[str, Any]) -> Iterator[Place]:
    yield from content_in(body, "system")
    for message in objects_in(body, "messages"):
        yield from text_in(message, "content")
        for block in objects_in(message, "content"):
            yield from text_in(block, "text")
            if block.get("type") == "tool_use":
                yield from texts_in(block.get("input"))
            elif block.get("type") == "tool_result":
                yield from content_in(block, "content")
