"""How each format is told which tools may be called, how to sample, and where to stop."""

from typing import Any

import pytest

from quantumlayer.router import Message
from quantumlayer.router.messages import ToolDefinition
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import ProviderRequest, ToolChoice
from quantumlayer.router.wires import WIRES

TOOL = ToolDefinition(name="weather", parameters={"type": "object"})
PLAIN = Profile()
THINKER = Profile(reasoning=True, efforts=("low", "high"))


def body(wire: str, profile: Profile = PLAIN, **wishes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a request
    request = {
        "task": "t",
        "model": "m",
        "messages": (Message(role="user", content="Hi"),),
        "input": {},
        "json_schema": None,
        "max_output_tokens": 4_000,
        "timeout_seconds": 9,
        **wishes,
    }
    without = request.pop("without", frozenset())
    return WIRES[wire].body(ProviderRequest.model_validate(request), profile, without=without)


@pytest.mark.parametrize(
    ("choice", "openai", "anthropic"),
    [
        (ToolChoice(mode="auto"), "auto", {"type": "auto"}),
        (ToolChoice(mode="none"), "none", {"type": "none"}),
        (ToolChoice(mode="required"), "required", {"type": "any"}),
        (
            ToolChoice(mode="required", name="weather"),
            {"type": "function", "function": {"name": "weather"}},
            {"type": "tool", "name": "weather"},
        ),
    ],
)
def test_a_choice_of_tools_is_told_in_each_formats_words(
    choice: ToolChoice, openai: object, anthropic: object
) -> None:
    wishes: dict[str, Any] = {"tools": (TOOL,), "tool_choice": choice}
    assert body("openai", **wishes)["tool_choice"] == openai
    assert body("anthropic", **wishes)["tool_choice"] == anthropic
    assert "parallel_tool_calls" not in body("openai", **wishes)


def test_one_call_at_a_time_is_told_in_each_formats_words() -> None:
    wishes: dict[str, Any] = {"tools": (TOOL,), "tool_choice": ToolChoice(parallel=False)}
    assert body("openai", **wishes)["parallel_tool_calls"] is False
    assert body("anthropic", **wishes)["tool_choice"] == {
        "type": "auto",
        "disable_parallel_tool_use": True,
    }


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
@pytest.mark.parametrize(
    "wishes",
    [
        {"tools": ()},
        {"tools": (TOOL,), "without": frozenset({"tools"})},
        {"tools": (TOOL,), "profile": Profile(tools=False)},
    ],
)
def test_no_choice_is_sent_where_no_tools_are(wire: str, wishes: dict[str, Any]) -> None:
    sent = body(wire, tool_choice=ToolChoice(mode="required", parallel=False), **wishes)
    assert not {"tools", "tool_choice", "parallel_tool_calls"} & sent.keys()


def test_anthropics_thinking_models_are_not_made_to_call() -> None:
    forced: dict[str, Any] = {
        "tools": (TOOL,),
        "tool_choice": ToolChoice(mode="required"),
        "effort": "high",
    }
    assert body("anthropic", THINKER, **forced)["tool_choice"] == {"type": "auto"}


def test_where_to_stop_and_how_to_sample() -> None:
    wishes: dict[str, Any] = {"stop": ("END", "\n"), "top_p": 0.5}
    openai, anthropic = body("openai", **wishes), body("anthropic", **wishes)
    assert (openai["stop"], openai["top_p"]) == (["END", "\n"], 0.5)
    # The format refuses a stop of white space alone.
    assert (anthropic["stop_sequences"], anthropic["top_p"]) == (["END"], 0.5)
    assert not {"stop", "stop_sequences", "top_p"} & (body("openai") | body("anthropic")).keys()


def test_what_a_family_does_not_take_is_left_out() -> None:
    cold = Profile(temperature=False)
    assert "top_p" not in body("openai", cold, top_p=0.5) | body("anthropic", cold, top_p=0.5)
    assert "top_p" not in body("anthropic", top_p=0.5, temperature=0.2)
    assert "stop" not in body("openai", stop=("END",), without=frozenset({"stop"}))
