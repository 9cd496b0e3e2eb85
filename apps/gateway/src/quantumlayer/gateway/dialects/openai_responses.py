"""OpenAI's Responses API, as clients ask for it.

Format: https://platform.openai.com/docs/api-reference/responses. The gateway keeps no
conversations and runs no tools of a provider's own, so what asks for these is refused.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from quantumlayer.gateway.dialects.checks import (
    body_of,
    count,
    field,
    needed,
    number,
    objects,
    wrong,
)
from quantumlayer.gateway.dialects.dialect import Asked, Conversation, DialectName, Writer
from quantumlayer.gateway.dialects.places import (
    Place,
    content_in,
    objects_in,
    replaced_at,
    text_in,
    texts_at,
)
from quantumlayer.gateway.dialects.responses_conversation import (
    messages_in,
    schema_in,
    tool_choice_in,
    tools_in,
)
from quantumlayer.gateway.dialects.responses_writer import ResponsesWriter
from quantumlayer.gateway.dialects.shared_nouns import effort_of

# What stands for a conversation, or for a prompt, that somebody would have to keep.
_KEPT = ("previous_response_id", "conversation", "prompt", "background")


class OpenAIResponses:
    """The format of `/v1/responses`."""

    name: DialectName = "openai_responses"

    def asked(self, body: object) -> Asked:
        found = body_of(body)
        model = needed(found, "model", str)
        if not isinstance(found.get("input"), str):
            needed(found, "input", list)
            for path, item in objects(found, "input"):
                if not isinstance(item.get("content"), str):
                    _ = [*objects(item, "content", f"{path}.")]
        for name in _KEPT:
            if found.get(name):
                raise wrong(
                    name,
                    "cannot be used: the gateway keeps no conversations; send the whole of it "
                    "as input",
                )
        for path, tool in objects(found, "tools"):
            if tool.get("type") != "function":
                raise wrong(f"{path}.type", "must be function: the gateway runs no tools itself")
        return Asked(
            model=model,
            body=found,
            stream=field(found, "stream", bool) or False,
            usage_wanted=True,
            most_output=count(found, "max_output_tokens"),
            acts=bool(found.get("tools")),
        )

    def texts(self, asked: Asked) -> tuple[str, ...]:
        return texts_at(asked, _places)

    def replaced(self, asked: Asked, texts: Sequence[str]) -> Asked:
        return replaced_at(asked, _places, texts)

    def conversation(self, asked: Asked) -> Conversation:
        body = asked.body
        reasoning = field(body, "reasoning", dict) or {}
        return Conversation(
            messages=tuple(messages_in(body)),
            tools=tuple(tools_in(body)),
            tool_choice=tool_choice_in(body),
            json_schema=schema_in(body),
            most_output=asked.most_output,
            temperature=number(body, "temperature"),
            top_p=number(body, "top_p"),
            effort=effort_of(field(reasoning, "effort", str, "reasoning."), "reasoning.effort"),
            cache_key=field(body, "prompt_cache_key", str),
        )

    def passed_on(self, asked: Asked, model: str) -> dict[str, Any]:
        return {**asked.body, "model": model, "stream": True}

    def writer(self, asked: Asked, reply_id: str) -> Writer:
        return ResponsesWriter(asked, reply_id)


def _places(body: dict[str, Any]) -> Iterator[Place]:
    yield from text_in(body, "instructions")
    yield from text_in(body, "input")
    for item in objects_in(body, "input"):
        yield from content_in(item, "content")
        yield from text_in(item, "arguments")
        yield from content_in(item, "output")
