"""What is sent to a server that speaks Anthropic's messages."""

import json
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
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import ProviderRequest
from quantumlayer.router.wires import AnthropicMessagesWire
from tests.support.wire_requests import SCHEMA, request

READ = ToolDefinition(name="read", description="Reads a file.", parameters={"type": "object"})
CALL = ToolCallPart(id="c1", name="read", arguments='{"path": "a"}')
THINKER = Profile(reasoning=True, reasoning_echo="thinking_blocks")


def body(asked: ProviderRequest, profile: Profile | None = None, *without: str) -> dict[str, Any]:
    return AnthropicMessagesWire().body(asked, profile or Profile(), without=frozenset(without))


def turns(*said: Message, profile: Profile | None = None) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = body(request(*said), profile)["messages"]
    return written


class TestParameters:
    """The format's own, and only what the profile knows of."""

    def test_an_unknown_model_is_sent_the_least(self) -> None:
        assert body(request(temperature=0.0, effort="high")) == {
            "model": "some-model",
            "max_tokens": 5_000,
            "system": [{"type": "text", "text": "You know people."}],
            "messages": [
                {
                    "role": "user",
                    "content": [{"type": "text", "text": "Who wrote the first program?"}],
                }
            ],
            "stream": True,
            "temperature": 0.0,
        }

    def test_the_cap_is_at_most_the_models_and_never_left_out(self) -> None:
        written = body(request(), Profile(output_cap=4_000), "max_tokens", "temperature")
        assert written["max_tokens"] == 4_000

    def test_the_caller_and_the_version_are_in_the_headers(self) -> None:
        wire, version = AnthropicMessagesWire(), {"anthropic-version": "2023-06-01"}
        assert wire.headers("key") == {**version, "x-api-key": "key"}
        assert wire.headers(None) == version


class TestThinking:
    """By an effort where the family has any, by a budget where it has none."""

    def test_an_effort(self) -> None:
        profile = THINKER.model_copy(update={"efforts": ("low", "medium", "high")})
        written = body(request(effort="minimal"), profile)
        assert written["thinking"] == {"type": "adaptive"}
        assert written["output_config"] == {"effort": "low"}

    def test_an_effort_that_was_refused_is_a_budget(self) -> None:
        profile = THINKER.model_copy(update={"efforts": ("low", "high")})
        assert body(request(effort="high"), profile, "effort")["thinking"]["type"] == "enabled"

    @pytest.mark.parametrize(
        ("effort", "cap", "budget"),
        [("low", 8_000, 2_000), ("high", 8_000, 6_000), ("minimal", 8_000, 1_024)],
    )
    def test_a_budget_leaves_room_for_the_answer(self, effort: str, cap: int, budget: int) -> None:
        written = body(request(effort=effort, max_output_tokens=cap), THINKER)
        assert written["thinking"] == {"type": "enabled", "budget_tokens": budget}

    @pytest.mark.parametrize(("effort", "cap"), [("high", 1_024), ("none", 8_000), (None, 8_000)])
    def test_none_where_there_is_no_room_or_no_wish(self, effort: str, cap: int) -> None:
        assert "thinking" not in body(request(effort=effort, max_output_tokens=cap), THINKER)

    def test_it_is_switched_off_where_that_can_be_said(self) -> None:
        profile = THINKER.model_copy(update={"efforts": ("none", "high")})
        assert body(request(effort="none"), profile)["thinking"] == {"type": "disabled"}

    def test_no_temperature_goes_with_it(self) -> None:
        assert "temperature" not in body(request(effort="high", temperature=0.5), THINKER)


class TestFormOfTheAnswer:
    """Natively, by a tool that must be called, or in words."""

    NATIVE = Profile(structured_output="json_schema")
    BY_TOOL = Profile(structured_output="json_object")

    def test_natively_without_limits_that_the_decoder_does_not_know(self) -> None:
        written = body(request(json_schema=SCHEMA), self.NATIVE)
        name = {"type": "string", "description": "minLength: 1"}
        assert written["output_config"]["format"] == {
            "type": "json_schema",
            "schema": {
                "type": "object",
                "properties": {"name": name},
                "required": ["name"],
                "additionalProperties": False,
            },
        }
        assert "tools" not in written

    @pytest.mark.parametrize("without", [(), ("output_config",), ("output_format",)])
    def test_by_a_tool_that_must_be_called(self, without: tuple[str, ...]) -> None:
        profile = self.NATIVE if without else self.BY_TOOL
        written = body(request(json_schema=SCHEMA), profile, *without)
        assert written["tool_choice"] == {"type": "tool", "name": "who"}
        assert [tool["input_schema"] for tool in written["tools"]] == [SCHEMA]
        assert "output_config" not in written

    @pytest.mark.parametrize(
        ("more", "without"),
        [
            ({"tools": (READ,)}, ()),
            ({"effort": "high"}, ()),
            ({"form": "continuation"}, ()),
            ({}, ("tool_choice",)),
        ],
    )
    def test_in_words_where_no_tool_can_be_forced(
        self, more: dict[str, Any], without: tuple[str, ...]
    ) -> None:
        profile = self.BY_TOOL.model_copy(update={"reasoning": True})
        written = body(request(json_schema=SCHEMA, **more), profile, *without)
        assert "tool_choice" not in written
        assert json.loads(written["system"][0]["text"].rpartition("\n")[2]) == SCHEMA

    def test_natively_beside_tools_and_thinking(self) -> None:
        profile = self.NATIVE.model_copy(update={"reasoning": True})
        asked = request(json_schema=SCHEMA, tools=(READ,), effort="high")
        written = body(asked, profile)
        assert written["thinking"]["type"] == "enabled"
        assert written["output_config"]["format"]["type"] == "json_schema"
        assert [tool["name"] for tool in written["tools"]] == ["read"]

    def test_a_mapping_is_no_case_for_the_decoder(self) -> None:
        schema = {"type": "object", "additionalProperties": {"type": "string"}}
        written = body(request(json_schema=schema), self.NATIVE)
        assert written["tool_choice"]["name"] == "who"


class TestConversation:
    """Turns of the user's and of the assistant's, in blocks."""

    def test_messages_of_one_role_are_one_turn_with_results_first(self) -> None:
        said = turns(
            Message(role="assistant", content=(TextPart(text="Reading."), CALL)),
            Message(role="user", content="And hurry."),
            Message(role="tool", content=(ToolResultPart(call_id="c1", text="x", failed=True),)),
        )
        assert said == [
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "Reading."},
                    {"type": "tool_use", "id": "c1", "name": "read", "input": {"path": "a"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "c1",
                        "content": "x",
                        "is_error": True,
                    },
                    {"type": "text", "text": "And hurry."},
                ],
            },
        ]

    def test_half_a_call_is_never_sent_back(self) -> None:
        broken = CALL.model_copy(update={"arguments": '{"path": "a'})
        assert turns(Message(role="assistant", content=(broken,)))[0]["content"][0]["input"] == {}

    def test_signed_and_sealed_thoughts_go_back_as_they_came(self) -> None:
        thoughts = (
            ReasoningPart(text="Hm.", signature="s1"),
            ReasoningPart(text="", signature="s2"),
            ReasoningPart(sealed="data"),
            ReasoningPart(text="another provider's"),
        )
        message = Message(role="assistant", content=(*thoughts, CALL))
        said = turns(message, profile=THINKER)[0]["content"]
        assert said[:3] == [
            {"type": "thinking", "thinking": "Hm.", "signature": "s1"},
            {"type": "thinking", "thinking": "", "signature": "s2"},
            {"type": "redacted_thinking", "data": "data"},
        ]
        assert [block["type"] for block in said[3:]] == ["tool_use"]
        assert [block["type"] for block in turns(message)[0]["content"]] == ["tool_use"]

    def test_empty_words_are_left_out(self) -> None:
        said = turns(
            Message(role="user", content="Who?"),
            Message(role="assistant", content=" "),
            Message(role="user", content="Again."),
        )
        assert [(turn["role"], len(turn["content"])) for turn in said] == [("user", 2)]

    def test_a_later_system_message_is_the_users(self) -> None:
        said = turns(
            Message(role="user", content="Who?"), Message(role="system", content="Be brief.")
        )
        assert [block["text"] for block in said[0]["content"]] == ["Who?", "Be brief."]

    @pytest.mark.parametrize(
        ("url", "source"),
        [
            ("https://a.example/x.png", {"type": "url", "url": "https://a.example/x.png"}),
            (
                "data:image/png;base64,AA==",
                {"type": "base64", "media_type": "image/png", "data": "AA=="},
            ),
        ],
    )
    def test_pictures_are_named_or_sent(self, url: str, source: dict[str, str]) -> None:
        said = turns(Message(role="user", content=(ImagePart(url=url),)))
        assert said[0]["content"] == [{"type": "image", "source": source}]

    def test_marks_for_the_cache_stand_where_they_may(self) -> None:
        thought = ReasoningPart(text="Hm.", signature="s")
        said = body(
            request(
                Message(role="system", content="Constants.", cache_until_here=True),
                Message(role="user", content="Item."),
                Message(
                    role="assistant",
                    content=(TextPart(text="Well."), thought),
                    cache_until_here=True,
                ),
            ),
            THINKER.model_copy(update={"cache": "breakpoints"}),
        )
        mark = {"type": "ephemeral"}
        assert said["system"][0]["cache_control"] == mark
        assert "cache_control" not in said["messages"][0]["content"][0]
        words, thinking = said["messages"][1]["content"]
        assert words["cache_control"] == mark
        assert "cache_control" not in thinking
