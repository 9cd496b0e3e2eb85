"""What is known of models by their names."""

from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from quantumlayer.router.profiles.catalogue import ModelFacts
from quantumlayer.router.profiles.families import Facts, profile_of
from quantumlayer.router.profiles.profile import Profile


def test_what_nobody_knows_is_safe() -> None:
    assert profile_of("openai/nobody-knows") == Profile()


@pytest.mark.parametrize(
    ("model", "facts"),
    [
        ("openai/gpt-4o", {"output_parameter": "max_tokens", "structured_output": "json_schema"}),
        ("openai/gpt-4o-mini", {"edit_dialect": "whole", "temperature": True}),
        ("openai/gpt-4.1-mini", {"output_cap": 32_768, "edit_dialect": "search_replace"}),
        (
            "openai/gpt-5",
            {
                "output_parameter": "max_completion_tokens",
                "temperature": False,
                "efforts": ("minimal", "low", "medium", "high"),
                "edit_dialect": "apply_patch",
                "cache_key": True,
            },
        ),
        ("openai/gpt-5.4-mini", {"efforts": ("none", "low", "medium", "high")}),
        ("openai/gpt-5-chat-latest", {"reasoning": False, "efforts": (), "output_cap": 16_384}),
        ("openrouter/openai/gpt-5", {"temperature": False, "cache_key": False}),
        ("openai/o3-mini", {"output_parameter": "max_completion_tokens", "reasoning": True}),
        (
            "anthropic/claude-3-5-sonnet-20241022",
            {"output_cap": 8_192, "reasoning": False, "structured_output": "none"},
        ),
        (
            "anthropic/claude-sonnet-4-5",
            {
                "output_cap": 64_000,
                "cache": "breakpoints",
                "reasoning_echo": "thinking_blocks",
                "structured_output": "json_schema",
                "efforts": (),
                "temperature": True,
            },
        ),
        ("anthropic/claude-sonnet-4-20250514", {"structured_output": "none", "reasoning": True}),
        ("anthropic/claude-opus-4-8", {"output_cap": 128_000, "temperature": False}),
        ("bedrock/us.anthropic.claude-opus-4-8", {"cache": "breakpoints", "temperature": False}),
        ("openrouter/anthropic/claude-opus-4.8", {"output_cap": 128_000}),
        ("gemini/gemini-2.5-pro", {"edit_dialect": "fenced_search_replace", "cache": "automatic"}),
        ("vertex_ai/gemini-3-flash-preview", {"reasoning": True, "output_cap": 65_536}),
        ("deepseek/deepseek-chat", {"structured_output": "json_object", "reasoning": False}),
        ("deepseek/deepseek-reasoner", {"reasoning_echo": "reasoning_content"}),
        ("xai/grok-4", {"reasoning": True, "structured_output": "json_schema"}),
        ("xai/grok-4.20-non-reasoning", {"reasoning": False}),
        ("moonshot/kimi-k2.5", {"reasoning_echo": "reasoning_content", "temperature": False}),
        ("minimax/MiniMax-M2", {"reasoning_echo": "reasoning_content", "cache": "automatic"}),
        ("zai/glm-4.6", {"reasoning_echo": "reasoning_content"}),
        ("mistral/mistral-large-latest", {"structured_output": "json_schema"}),
        ("groq/llama-3.3-70b-versatile", {"output_parameter": "max_completion_tokens"}),
        ("groq/openai/gpt-oss-120b", {"edit_dialect": "whole", "structured_output": "json_schema"}),
        ("ollama/qwen2.5-coder:7b", {"edit_dialect": "whole", "first_token_seconds": 600}),
        ("openai/qwen3-coder-480b", {"context_window": 262_144}),
        ("openai/smollm2-135m-instruct", {"context_window": 8_192, "tools": False}),
    ],
)
def test_a_family_is_known_by_its_names(model: str, facts: dict[str, object]) -> None:
    profile = profile_of(model)
    assert {name: getattr(profile, name) for name in facts} == facts


def test_the_price_map_knows_sizes_better_and_fills_in_the_rest() -> None:
    known = ModelFacts(
        price=None,
        sizes={"context_window": 5_000, "output_cap": None},
        abilities={"temperature": True, "tools": False, "reasoning": None},
    )
    profile = profile_of("openai/gpt-5", known)
    assert (profile.context_window, profile.output_cap) == (5_000, 128_000)
    assert not profile.temperature, "the family says so"
    assert not profile.tools, "no family says anything of it"


def test_settings_win_and_the_more_exact_name_among_them() -> None:
    overrides: Mapping[str, Facts] = {
        "openai/gpt-5": {"output_cap": 3},
        "openai/gpt-*": {"output_cap": 2, "tools": False},
        "*": {"output_cap": 1, "edit_dialect": "whole"},
    }
    profile = profile_of("openai/gpt-5", None, overrides)
    assert (profile.output_cap, profile.tools, profile.edit_dialect) == (3, False, "whole")
    assert profile_of("openai/gpt-6", None, overrides).output_cap == 2
    assert profile_of("groq/any", None, overrides).output_cap == 1


def test_a_setting_that_no_profile_has_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="outputcap"):
        profile_of("openai/x", None, {"openai/x": {"outputcap": 1}})
