"""What the gateway reads of a request, what it refuses, and which texts it can replace."""

from copy import deepcopy
from typing import Any

import pytest

from quantumlayer.gateway.dialects import DialectName
from quantumlayer.gateway.http import GatewayError
from tests.support.dialect_parts import asked, dialect

HI = [{"role": "user", "content": "Hi"}]


def part(**said: object) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [said]}]}


@pytest.mark.parametrize(
    ("name", "wrong", "param"),
    [
        ("openai_chat", {"model": ""}, "model"),
        ("openai_chat", {"model": 7}, "model"),
        ("openai_chat", {"messages": []}, "messages"),
        ("openai_chat", {"messages": ["Hi"]}, "messages[0]"),
        ("openai_chat", {"messages": [*HI, {"content": "x"}]}, "messages[1].role"),
        ("openai_chat", {"messages": [*HI, HI[0] | {"content": 3}]}, "messages[1].content"),
        ("openai_chat", {"stream_options": "yes"}, "stream_options"),
        ("openai_chat", {"max_tokens": 0}, "max_tokens"),
        ("openai_chat", {"max_tokens": True}, "max_tokens"),
        ("openai_chat", {"n": "two"}, "n"),
        ("anthropic_messages", {"max_tokens": None}, "max_tokens"),
        ("anthropic_messages", {"messages": [HI[0] | {"content": {}}]}, "messages[0].content"),
        ("openai_responses", {"input": []}, "input"),
        ("openai_responses", {"previous_response_id": "resp_1"}, "previous_response_id"),
        ("openai_responses", {"conversation": "conv_1"}, "conversation"),
        ("openai_responses", {"tools": [{"type": "web_search"}]}, "tools[0].type"),
    ],
)
def test_a_wrong_part_of_a_request_is_named(
    name: DialectName, wrong: dict[str, Any], param: str
) -> None:
    with pytest.raises(GatewayError) as raised:
        asked(name, stream=False, **wrong)
    assert (raised.value.kind.name, raised.value.param) == ("bad_request", param)
    assert raised.value.message.startswith(param)


@pytest.mark.parametrize("name", ["openai_chat", "anthropic_messages", "openai_responses"])
@pytest.mark.parametrize("body", [None, [], "Hi", 3])
def test_a_body_that_is_no_object_is_refused(name: DialectName, body: object) -> None:
    with pytest.raises(GatewayError, match="must be a JSON object"):
        dialect(name).asked(body)


@pytest.mark.parametrize(
    ("name", "wrong", "param"),
    [
        ("openai_chat", {"temperature": "warm"}, "temperature"),
        ("openai_chat", {"stop": [1]}, "stop"),
        ("openai_chat", {"reasoning_effort": "heroic"}, "reasoning_effort"),
        ("openai_chat", {"tool_choice": "maybe"}, "tool_choice"),
        ("openai_chat", {"tools": [{"type": "function"}]}, "tools[0].function"),
        ("openai_chat", {"response_format": {"type": "xml"}}, "response_format.type"),
        ("openai_chat", part(type="input_audio"), "messages[0].content[0].type"),
        (
            "openai_chat",
            {"messages": [{"role": "tool", "content": "x"}]},
            "messages[0].tool_call_id",
        ),
        ("anthropic_messages", part(type="document"), "messages[0].content[0].type"),
        ("anthropic_messages", part(type="image"), "messages[0].content[0].source"),
        ("anthropic_messages", {"tool_choice": {"type": "some"}}, "tool_choice.type"),
        ("anthropic_messages", {"tools": [{"name": "x" * 65}]}, "tools[0].name"),
        ("openai_responses", {"input": [{"type": "item_reference"}]}, "input[0].type"),
    ],
)
def test_what_another_provider_cannot_be_told_is_named(
    name: DialectName, wrong: dict[str, Any], param: str
) -> None:
    request = asked(name, stream=False, **wrong)
    with pytest.raises(GatewayError) as raised:
        dialect(name).conversation(request)
    assert (raised.value.kind.name, raised.value.param) == ("bad_request", param)


@pytest.mark.parametrize(
    ("name", "only_here"),
    [
        ("openai_chat", {"n": 2}),
        ("openai_chat", {"logprobs": True}),
        ("openai_chat", {"modalities": ["text", "audio"]}),
        ("openai_chat", {"tools": [{"type": "custom"}]}),
        ("openai_chat", part(type="input_audio")),
        ("anthropic_messages", {"tools": [{"type": "web_search_20250305", "name": "w"}]}),
        ("anthropic_messages", {"mcp_servers": [{"url": "x"}]}),
        ("anthropic_messages", part(type="document")),
    ],
)
def test_what_only_the_same_format_can_carry_is_not_plain(
    name: DialectName, only_here: dict[str, Any]
) -> None:
    assert asked(name, stream=False).plain
    assert not asked(name, stream=False, **only_here).plain


def test_a_request_is_passed_on_with_fields_that_nobody_here_knows() -> None:
    request = asked("openai_chat", stream=False, news={"a": 1}, stream_options={"more": 2})
    before = deepcopy(request.body)
    sent = dialect("openai_chat").passed_on(request, "theirs")
    assert sent == {
        **before,
        "model": "theirs",
        "stream": True,
        "stream_options": {"more": 2, "include_usage": True},
    }
    assert request.body == before


@pytest.mark.parametrize(
    ("stream", "options", "wanted"),
    [
        (True, None, False),
        (True, {"include_usage": True}, True),
        (True, {"include_usage": False}, False),
        (False, None, True),
    ],
)
def test_counts_are_streamed_to_who_asks_for_them(
    *, stream: bool, options: dict[str, Any] | None, wanted: bool
) -> None:
    assert asked("openai_chat", stream=stream, stream_options=options).usage_wanted is wanted


CALL = {"name": "f", "arguments": '{"to": "d"}'}
REQUESTS: list[tuple[DialectName, dict[str, Any], tuple[str, ...]]] = [
    (
        "openai_chat",
        {
            "messages": [
                {"role": "system", "content": "a"},
                {"role": "user", "content": [{"type": "text", "text": "b"}, {"type": "image_url"}]},
                {"role": "assistant", "content": None, "refusal": "c"},
                {"role": "assistant", "tool_calls": [{"id": "1", "function": CALL}]},
                {"role": "tool", "tool_call_id": "1", "content": "e"},
            ]
        },
        ("a", "b", "c", '{"to": "d"}', "e"),
    ),
    (
        "anthropic_messages",
        {
            "system": [{"type": "text", "text": "a"}],
            "messages": [
                {"role": "user", "content": "b"},
                {
                    "role": "assistant",
                    "content": [
                        {"type": "thinking", "thinking": "sealed", "signature": "s"},
                        {"type": "tool_use", "input": {"x": "c", "y": [{"z": "d"}, "e", 1]}},
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {"type": "tool_result", "content": "f"},
                        {"type": "tool_result", "content": [{"type": "text", "text": "g"}]},
                    ],
                },
            ],
        },
        ("a", "b", "c", "d", "e", "f", "g"),
    ),
    (
        "openai_responses",
        {
            "instructions": "a",
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": "b"}]},
                {"type": "function_call", "call_id": "1", "name": "f", "arguments": "c"},
                {"type": "function_call_output", "call_id": "1", "output": "d"},
            ],
        },
        ("a", "b", "c", "d"),
    ),
]


@pytest.mark.parametrize(("name", "body", "texts"), REQUESTS)
def test_texts_are_read_and_replaced_where_they_stand(
    name: DialectName, body: dict[str, Any], texts: tuple[str, ...]
) -> None:
    spoken, request = dialect(name), asked(name, stream=False, **body)
    assert spoken.texts(request) == texts
    before = deepcopy(request.body)
    masked = tuple(text.upper() for text in texts)
    other = spoken.replaced(request, masked)
    assert spoken.texts(other) == masked
    assert request.body == before
    assert spoken.replaced(other, texts) == request
