"""What is sent in the format of OpenAI's Responses, and which models are asked in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from quantumlayer.router.messages import (
    ImagePart,
    Message,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolDefinition,
    ToolResultPart,
)
from quantumlayer.router.profiles.families import profile_of
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import ProviderRequest, ToolChoice
from quantumlayer.router.wires import WIRES, OpenAIResponsesWire, wire_for
from tests.support.replies import read_events
from tests.support.wire_requests import SCHEMA, request

READ = ToolDefinition(name="read", description="Reads a file.", parameters={"type": "object"})
REPLIES = Path(__file__).parents[1] / "replies"


def body(asked: ProviderRequest, profile: Profile | None = None, *without: str) -> dict[str, Any]:
    return OpenAIResponsesWire().body(asked, profile or Profile(), without=frozenset(without))


def test_an_unknown_model_is_sent_the_least() -> None:
    assert body(request(temperature=0.0, effort="high", cache_key="run")) == {
        "model": "some-model",
        "input": [
            {
                "type": "message",
                "role": "system",
                "content": [{"type": "input_text", "text": "You know people."}],
            },
            {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "Who wrote the first program?"}],
            },
        ],
        "stream": True,
        "store": False,
        "max_output_tokens": 5_000,
        "temperature": 0.0,
    }


def test_what_a_reasoning_model_takes_is_sent() -> None:
    profile = profile_of("openai/gpt-5-codex")
    sent = body(request(effort="high", cache_key="run", temperature=0.5), profile)
    assert sent["reasoning"] == {"effort": "high"}
    assert sent["include"] == ["reasoning.encrypted_content"]
    assert sent["prompt_cache_key"] == "run"
    assert "temperature" not in sent


@pytest.mark.parametrize(
    ("refused", "gone"),
    [("reasoning.effort", "reasoning"), ("text.format", "text"), ("include", "include")],
)
def test_what_was_refused_is_not_sent_again(refused: str, gone: str) -> None:
    profile = profile_of("openai/gpt-5-codex")
    asked = request(effort="high", json_schema=SCHEMA)
    assert gone in body(asked, profile)
    sent = body(asked, profile, refused)
    assert gone not in sent
    if gone == "text":
        assert "JSON schema" in json.dumps(sent["input"]), "then it is asked for in words"


def test_the_form_of_the_answer_is_the_formats_own() -> None:
    profile = Profile(structured_output="json_schema")
    form = body(request(json_schema=SCHEMA), profile)["text"]["format"]
    assert (form["type"], form["name"]) == ("json_schema", "who")
    assert form["schema"]["properties"]["name"]["type"] == "string"


def test_tools_and_their_choice_are_flat() -> None:
    choice = ToolChoice(name="read", parallel=False)
    sent = body(request(tools=(READ,), tool_choice=choice))
    assert sent["tools"] == [
        {
            "type": "function",
            "name": "read",
            "description": "Reads a file.",
            "parameters": {"type": "object"},
            "strict": False,
        }
    ]
    assert sent["tool_choice"] == {"type": "function", "name": "read"}
    assert sent["parallel_tool_calls"] is False


def test_a_turn_goes_back_as_the_items_that_came() -> None:
    case = json.loads((REPLIES / "responses-thoughts-and-parallel-calls.json").read_text())
    seen = read_events("openai_responses", case["events"], tools_offered=True)
    results = tuple(
        ToolResultPart(call_id=call.id, text=f"of {call.id}") for call in seen.gathered.tool_calls
    )
    sent = body(
        request(
            Message(role="user", content="Read them."),
            Message(role="assistant", content=seen.gathered.parts),
            Message(role="tool", content=results),
        )
    )["input"]
    assert [item["type"] for item in sent] == [
        "message",
        "reasoning",
        "function_call",
        "function_call",
        "function_call_output",
        "function_call_output",
    ]
    came = next(
        event["item"]
        for event in case["events"]
        if event["type"] == "response.output_item.done" and event["item"]["type"] == "reasoning"
    )
    assert sent[1] == came
    assert [item["call_id"] for item in sent[2:]] == ["call_a", "call_b", "call_a", "call_b"]


def test_thoughts_of_others_and_half_calls_are_not_sent_as_they_are() -> None:
    said = (
        ReasoningPart(text="hm", signature="of another"),
        ReasoningPart(sealed="redacted by another"),
        TextPart(text="I read."),
        ToolCallPart(id="c1", name="read", arguments='{"path": '),
    )
    sent = body(request(Message(role="assistant", content=said)))["input"]
    assert [item["type"] for item in sent] == ["message", "function_call"]
    assert sent[0]["content"] == [{"type": "output_text", "text": "I read."}]
    assert sent[1]["arguments"] == "{}"


def test_pictures_are_sent() -> None:
    shown = Message(role="user", content=(ImagePart(url="data:image/png;base64,AA=="),))
    [item] = body(request(shown))["input"]
    assert item["content"] == [{"type": "input_image", "image_url": "data:image/png;base64,AA=="}]


@pytest.mark.parametrize(
    ("model", "api"),
    [
        ("openai/gpt-5-codex", "responses"),
        ("openai/gpt-5.1-codex-max", "responses"),
        ("openai/gpt-5-pro", "responses"),
        ("openai/o3-pro-2025-06-10", "responses"),
        ("openai/o4-mini-deep-research", "responses"),
        ("openai/gpt-5", "chat"),
        ("openai/o3", "chat"),
        ("openrouter/openai/gpt-5-codex", "chat"),
        ("openai/a-model-of-ours", "chat"),
    ],
)
def test_models_that_nothing_else_serves_are_asked_in_it(model: str, api: str) -> None:
    profile = profile_of(model)
    assert profile.api == api
    chosen = wire_for(WIRES["openai"], profile)
    assert chosen is WIRES["openai_responses" if api == "responses" else "openai"]
    assert wire_for(WIRES["anthropic"], profile) is WIRES["anthropic"]
