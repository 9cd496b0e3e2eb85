"""What is sent to a server that speaks OpenAI's chat completions."""

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
from quantumlayer.router.wires import OpenAIChatWire, OpenAIResponsesWire
from tests.support.wire_requests import SCHEMA, request

READ = ToolDefinition(name="read", description="Reads a file.", parameters={"type": "object"})
CALL = ToolCallPart(id="c1", name="read", arguments='{"path": "a"}')


def body(asked: ProviderRequest, profile: Profile | None = None, *without: str) -> dict[str, Any]:
    return OpenAIChatWire().body(asked, profile or Profile(), without=frozenset(without))


def messages(*said: Message, profile: Profile | None = None) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = body(request(*said), profile)["messages"]
    return written


class TestParameters:
    """What a profile does not say is not sent."""

    def test_an_unknown_model_is_sent_the_least(self) -> None:
        assert body(request(temperature=0.0, effort="high", cache_key="run")) == {
            "model": "some-model",
            "messages": [
                {"role": "system", "content": "You know people."},
                {"role": "user", "content": "Who wrote the first program?"},
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": 5_000,
            "temperature": 0.0,
        }

    def test_the_cap_has_the_profiles_name_and_is_at_most_the_models(self) -> None:
        profile = Profile(output_parameter="max_completion_tokens", output_cap=4_000)
        assert body(request(), profile)["max_completion_tokens"] == 4_000

    @pytest.mark.parametrize(
        ("refused", "sent"),
        [(("max_tokens",), "max_completion_tokens"), (("max_completion_tokens",), "max_tokens")],
    )
    def test_a_cap_that_was_refused_has_the_other_name(
        self, refused: tuple[str, ...], sent: str
    ) -> None:
        written = body(request(), None, *refused)
        assert written[sent] == 5_000
        assert refused[0] not in written

    def test_a_cap_that_was_refused_under_both_names_is_left_out(self) -> None:
        written = body(request(), None, "max_tokens", "max_completion_tokens")
        assert not {"max_tokens", "max_completion_tokens"} & written.keys()

    def test_temperature_is_not_sent_to_models_that_refuse_it(self) -> None:
        assert "temperature" not in body(request(temperature=0.5), Profile(temperature=False))

    @pytest.mark.parametrize(
        ("wanted", "sent"), [("high", "high"), ("none", "low"), ("minimal", "low"), (None, None)]
    )
    def test_effort_is_the_nearest_that_is_offered(self, wanted: str, sent: str) -> None:
        profile = Profile(efforts=("high", "low", "medium"))
        assert body(request(effort=wanted), profile).get("reasoning_effort") == sent

    def test_a_cache_key_is_sent_where_it_helps(self) -> None:
        assert body(request(cache_key="run"), Profile(cache_key=True))["prompt_cache_key"] == "run"

    @pytest.mark.parametrize("name", ["stream_options", "temperature", "tools", "stream"])
    def test_what_was_refused_is_left_out(self, name: str) -> None:
        written = body(request(temperature=1.0, tools=(READ,)), None, name)
        assert name not in written
        assert ("stream_options" in written) is (name not in {"stream", "stream_options"})

    def test_model_and_messages_are_never_left_out(self) -> None:
        assert {"model", "messages"} <= body(request(), None, "model", "messages").keys()

    def test_the_caller_is_named_in_the_headers(self) -> None:
        for wire in (OpenAIChatWire(), OpenAIResponsesWire()):
            assert wire.headers("key") == {"Authorization": "Bearer key"}
            assert wire.headers(None) == {}


class TestFormOfTheAnswer:
    """As strict as the model can be held, and told in words where it cannot be held at all."""

    def test_a_schema_that_can_be_strict_is(self) -> None:
        form = body(request(json_schema=SCHEMA), Profile(structured_output="json_schema"))
        wanted = form["response_format"]["json_schema"]
        assert wanted["strict"] is True
        assert wanted["name"] == "who"
        assert wanted["schema"]["additionalProperties"] is False
        assert form["messages"][0]["content"] == "You know people."

    def test_one_that_cannot_is_sent_as_it_is(self) -> None:
        schema = {"type": "object", "additionalProperties": {"type": "string"}}
        form = body(request(json_schema=schema), Profile(structured_output="json_schema"))
        assert form["response_format"]["json_schema"] == {
            "name": "who",
            "schema": schema,
            "strict": False,
        }

    @pytest.mark.parametrize(
        ("native", "form", "more"),
        [
            ("none", "whole", {}),
            ("json_object", "whole", {"response_format": {"type": "json_object"}}),
            ("json_schema", "continuation", {}),
        ],
    )
    def test_the_schema_stands_in_the_system_message_otherwise(
        self, native: str, form: str, more: dict[str, Any]
    ) -> None:
        profile = Profile.model_validate({"structured_output": native})
        written = body(request(json_schema=SCHEMA, form=form), profile)
        told = written["messages"][0]["content"]
        assert told.startswith("You know people.\n\n")
        assert json.loads(told.rpartition("\n")[2]) == SCHEMA
        assert written.get("response_format") == more.get("response_format")

    def test_a_refused_response_format_is_told_in_words(self) -> None:
        profile = Profile(structured_output="json_schema")
        written = body(request(json_schema=SCHEMA), profile, "response_format")
        assert "response_format" not in written
        assert "JSON schema" in written["messages"][0]["content"]

    def test_without_a_system_message_there_is_one_for_the_schema(self) -> None:
        asked = request(Message(role="user", content="Who?"), json_schema=SCHEMA)
        assert [message["role"] for message in body(asked)["messages"]] == ["system", "user"]

    def test_a_task_of_any_name_names_the_answer(self) -> None:
        asked = request(json_schema=SCHEMA, task="schreibe: größe/1")
        written = body(asked, Profile(structured_output="json_schema"))
        name = written["response_format"]["json_schema"]["name"]
        assert name == "schreibe__gr__e_1"


class TestConversation:
    """Parts, calls and results in the format's own places."""

    def test_tools_are_offered(self) -> None:
        function = {"name": "read", "description": "Reads a file.", "parameters": READ.parameters}
        asked = request(tools=(READ,))
        assert body(asked)["tools"] == [{"type": "function", "function": function}]
        assert "tools" not in body(asked, Profile(tools=False))

    def test_calls_and_results_go_back(self) -> None:
        said = messages(
            Message(role="assistant", content=(CALL,)),
            Message(
                role="tool",
                content=(
                    ToolResultPart(call_id="c1", text="one"),
                    ToolResultPart(call_id="c2", text="two"),
                ),
            ),
        )
        function = {"name": "read", "arguments": '{"path": "a"}'}
        assert said == [
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c1", "type": "function", "function": function}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "one"},
            {"role": "tool", "tool_call_id": "c2", "content": "two"},
        ]

    @pytest.mark.parametrize("arguments", ['{"path": "a', "", "[1]"])
    def test_half_a_call_is_never_sent_back(self, arguments: str) -> None:
        broken = CALL.model_copy(update={"arguments": arguments})
        said = messages(Message(role="assistant", content=(broken,)))
        assert said[0]["tool_calls"][0]["function"]["arguments"] == "{}"

    def test_a_calls_signature_goes_back(self) -> None:
        signed = CALL.model_copy(update={"signature": "sig"})
        said = messages(Message(role="assistant", content=(signed,)))
        extra = said[0]["tool_calls"][0]["extra_content"]
        assert extra == {"google": {"thought_signature": "sig"}}

    @pytest.mark.parametrize(("echo", "given"), [("reasoning_content", "Hm."), ("none", None)])
    def test_thoughts_go_back_where_they_are_wanted(self, echo: str, given: str | None) -> None:
        thought = Message(role="assistant", content=(ReasoningPart(text="Hm."), CALL))
        profile = Profile.model_validate({"reasoning_echo": echo})
        assert messages(thought, profile=profile)[0].get("reasoning_content") == given
        refused = body(request(thought), profile, "reasoning_content")
        assert "reasoning_content" not in refused["messages"][0]

    def test_pictures_stand_beside_words(self) -> None:
        picture = ImagePart(url="data:image/png;base64,AA==")
        said = messages(Message(role="user", content=(TextPart(text="See"), picture)))
        assert said[0]["content"] == [
            {"type": "text", "text": "See"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
        ]

    def test_words_alone_are_a_string(self) -> None:
        said = messages(Message(role="user", content=(TextPart(text="a"), TextPart(text="b"))))
        assert said == [{"role": "user", "content": "ab"}]

    def test_an_assistant_that_said_nothing_said_an_empty_string(self) -> None:
        assert messages(Message(role="assistant", content=""))[0]["content"] == ""


class TestCacheMarks:
    """At the ends that a conversation names, where the family wants to be told."""

    KEPT = Message(role="user", content="constants", cache_until_here=True)

    def test_they_stand_at_the_end_of_a_message(self) -> None:
        said = messages(self.KEPT, profile=Profile(cache="breakpoints"))
        mark = {"type": "ephemeral"}
        text = {"type": "text", "text": "constants", "cache_control": mark}
        assert said[0]["content"] == [text]

    @pytest.mark.parametrize("cache", ["automatic", "none"])
    def test_other_families_get_none(self, cache: str) -> None:
        said = messages(self.KEPT, profile=Profile.model_validate({"cache": cache}))
        assert said[0]["content"] == "constants"

    def test_of_more_than_four_the_last_stay(self) -> None:
        written = messages(*[self.KEPT] * 6, profile=Profile(cache="breakpoints"))
        assert [isinstance(message["content"], list) for message in written] == [
            False, False, True, True, True, True
        ]  # fmt: skip

    @pytest.mark.parametrize("parts", [True, False])
    def test_a_result_carries_one_only_where_it_may_have_parts(self, *, parts: bool) -> None:
        result = ToolResultPart(call_id="c1", text="one")
        kept = Message(role="tool", content=(result,), cache_until_here=True)
        profile = Profile(cache="breakpoints", tool_content_parts=parts)
        assert isinstance(messages(kept, profile=profile)[0]["content"], list) is parts

    def test_a_refused_mark_is_left_out(self) -> None:
        written = body(request(self.KEPT), Profile(cache="breakpoints"), "cache_control")
        assert written["messages"][0]["content"] == "constants"
