"""One conversation, asked for in each format and told to providers of each."""

from typing import Any

import pytest

from quantumlayer.gateway.dialects import Conversation, DialectName
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import ProviderRequest
from quantumlayer.router.wires import WIRES
from tests.support.dialect_parts import dialect

PICTURE = "data:image/png;base64,aGk="
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
PROFILE = Profile(
    output_cap=64_000,
    reasoning=True,
    efforts=("low", "medium", "high"),
    cache="breakpoints",
    structured_output="json_schema",
    reasoning_echo="thinking_blocks",
)
CALLS = (("call_a", '{"city":"Ulm"}', "rain"), ("call_b", '{"city":"Bonn"}', "sun"))
NAMES: tuple[DialectName, ...] = ("openai_chat", "anthropic_messages", "openai_responses")

OPENAI: dict[str, Any] = {
    "model": "ours",
    "messages": [
        {"role": "developer", "content": "Be brief."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Look:"},
                {"type": "image_url", "image_url": {"url": PICTURE}},
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "thinking_blocks": [{"type": "thinking", "thinking": "hm", "signature": "proof"}],
            "tool_calls": [
                {
                    "id": id_,
                    "type": "function",
                    "function": {"name": "weather", "arguments": arguments},
                }
                for id_, arguments, _ in CALLS
            ],
        },
        *({"role": "tool", "tool_call_id": id_, "content": result} for id_, _, result in CALLS),
        {"role": "user", "content": "And now?"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {"name": "weather", "description": "Tells it.", "parameters": SCHEMA},
        }
    ],
    "tool_choice": "auto",
    "parallel_tool_calls": False,
    "max_completion_tokens": 9_000,
    "reasoning_effort": "medium",
}
ANTHROPIC: dict[str, Any] = {
    "model": "ours",
    "system": "Be brief.",
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Look:"},
                {
                    "type": "image",
                    "source": {"type": "base64", "media_type": "image/png", "data": "aGk="},
                },
            ],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "proof"},
                {"type": "tool_use", "id": "call_a", "name": "weather", "input": {"city": "Ulm"}},
                {"type": "tool_use", "id": "call_b", "name": "weather", "input": {"city": "Bonn"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "call_a", "content": "rain"},
                {
                    "type": "tool_result",
                    "tool_use_id": "call_b",
                    "content": [{"type": "text", "text": "sun"}],
                },
                {"type": "text", "text": "And now?"},
            ],
        },
    ],
    "tools": [{"name": "weather", "description": "Tells it.", "input_schema": SCHEMA}],
    "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
    "max_tokens": 9_000,
    "thinking": {"type": "adaptive"},
    "output_config": {"effort": "medium"},
}
RESPONSES: dict[str, Any] = {
    "model": "ours",
    "instructions": "Be brief.",
    "input": [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "Look:"},
                {"type": "input_image", "image_url": PICTURE},
            ],
        },
        {
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "hm"}],
            "encrypted_content": "proof",
        },
        *(
            {"type": "function_call", "call_id": id_, "name": "weather", "arguments": arguments}
            for id_, arguments, _ in CALLS
        ),
        *(
            {"type": "function_call_output", "call_id": id_, "output": result}
            for id_, _, result in CALLS
        ),
        {"type": "message", "role": "user", "content": "And now?"},
    ],
    "tools": [
        {"type": "function", "name": "weather", "description": "Tells it.", "parameters": SCHEMA}
    ],
    "tool_choice": "auto",
    "parallel_tool_calls": False,
    "max_output_tokens": 9_000,
    "reasoning": {"effort": "medium"},
}
BODIES = {
    "openai_chat": OPENAI,
    "anthropic_messages": ANTHROPIC,
    "openai_responses": RESPONSES,
}


def conversation(name: DialectName, **more: object) -> Conversation:
    spoken = dialect(name)
    return spoken.conversation(spoken.asked({**BODIES[name], **more}))


def told(found: Conversation, wire: str) -> dict[str, Any]:
    request = ProviderRequest(
        task="gateway",
        model="theirs",
        messages=found.messages,
        input={},
        json_schema=found.json_schema,
        tools=found.tools,
        tool_choice=found.tool_choice,
        max_output_tokens=found.most_output or 100,
        effort=found.effort,
        temperature=found.temperature,
        top_p=found.top_p,
        stop=found.stop,
        cache_key=found.cache_key,
        timeout_seconds=60,
    )
    return WIRES[wire].body(request, PROFILE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wire", ["openai", "anthropic"])
def test_every_format_tells_every_provider_the_same(name: DialectName, wire: str) -> None:
    assert told(conversation(name), wire) == told(conversation("openai_chat"), wire)


def test_a_provider_of_the_same_format_is_told_through_the_nouns_what_the_client_said() -> None:
    openai = told(conversation("openai_chat"), "openai")
    anthropic = told(conversation("anthropic_messages"), "anthropic")
    for each in ("tools", "tool_choice", "parallel_tool_calls", "reasoning_effort"):
        assert openai[each] == OPENAI[each]
    assert openai["messages"][1:2] + openai["messages"][3:] == (
        OPENAI["messages"][1:2] + OPENAI["messages"][3:]
    )
    for each in ("tools", "tool_choice", "thinking", "output_config"):
        assert anthropic[each] == ANTHROPIC[each]
    assert anthropic["messages"][:2] == ANTHROPIC["messages"][:2]
    assert anthropic["system"] == [{"type": "text", "text": "Be brief."}]


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        (
            "openai_chat",
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "a", "schema": SCHEMA},
                }
            },
        ),
        (
            "anthropic_messages",
            {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
        ),
        (
            "openai_responses",
            {"text": {"format": {"type": "json_schema", "name": "a", "schema": SCHEMA}}},
        ),
    ],
)
def test_the_answers_schema_is_told_in_each_formats_place(
    name: DialectName, wish: dict[str, Any]
) -> None:
    found = conversation(name, **wish)
    assert found.json_schema == SCHEMA
    assert told(found, "openai")["response_format"]["type"] == "json_schema"
    assert told(found, "anthropic")["output_config"]["format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("openai_chat", {"type": "function", "function": {"name": "weather"}}),
        ("anthropic_messages", {"type": "tool", "name": "weather"}),
        ("openai_responses", {"type": "function", "name": "weather"}),
    ],
)
def test_a_tool_that_must_be_called_is_named_in_each_format(
    name: DialectName, choice: dict[str, Any]
) -> None:
    chosen = conversation(name, tool_choice=choice).tool_choice
    assert chosen is not None
    assert (chosen.mode, chosen.name) == ("required", "weather")


@pytest.mark.parametrize("name", ["openai_chat", "anthropic_messages"])
def test_a_mark_for_the_cache_in_the_middle_of_a_message_stays_there(name: DialectName) -> None:
    long = {"type": "text", "text": "long", "cache_control": {"type": "ephemeral"}}
    said = [{"role": "user", "content": [long, {"type": "text", "text": "short"}]}]
    content = told(conversation(name, messages=said), "anthropic")["messages"][0]["content"]
    assert content == [long, {"type": "text", "text": "short"}]


@pytest.mark.parametrize(
    ("budget", "effort"), [(1_024, "minimal"), (2_500, "low"), (4_500, "medium"), (7_000, "high")]
)
def test_a_budget_for_thoughts_is_the_effort_that_its_share_means(budget: int, effort: str) -> None:
    thinking = {"type": "enabled", "budget_tokens": budget}
    found = conversation("anthropic_messages", thinking=thinking, output_config=None)
    assert found.effort == effort


def test_pictures_in_a_tools_result_stand_behind_it() -> None:
    picture = ANTHROPIC["messages"][0]["content"][1]
    result = {"type": "tool_result", "tool_use_id": "call_a", "content": [picture]}
    said = [*ANTHROPIC["messages"][:2], {"role": "user", "content": [result]}]
    *_, last = told(conversation("anthropic_messages", messages=said), "openai")["messages"]
    assert last == {
        "role": "user",
        "content": [{"type": "image_url", "image_url": {"url": PICTURE}}],
    }
