"""Which names may be asked, and who answers for them."""

import pytest

from quantumlayer.router import BadRequest, ExternalModels, ProviderDirectory, ProviderTraits

OFFERED = ["openai/gpt-5*", "groq/llama-3.3"]


@pytest.mark.parametrize(
    ("model", "provider"), [("openai/gpt-5-mini", "openai"), ("groq/llama-3.3", "groq")]
)
def test_a_name_or_a_pattern_offers_a_model(model: str, provider: str) -> None:
    assert ProviderDirectory({}, ExternalModels(), OFFERED).resolve(model).name == provider


@pytest.mark.parametrize("model", ["openai/gpt-4o", "OPENAI/GPT-5", "x/openai/gpt-5", "groq/llama"])
async def test_a_name_outside_is_refused_with_the_list(model: str) -> None:
    directory = ProviderDirectory({}, ExternalModels(), OFFERED)
    with pytest.raises(BadRequest, match=r"known models: groq/llama-3.3, openai/gpt-5\*"):
        directory.resolve(model)
    with pytest.raises(BadRequest, match="no provider serves"):
        await directory.check(model)


def test_a_model_has_one_provider_that_remembers() -> None:
    directory = ProviderDirectory({}, ExternalModels())
    assert directory.resolve("openai/gpt-5") is directory.resolve("openai/gpt-5")


def test_a_name_that_does_not_say_who_serves_it_is_refused() -> None:
    with pytest.raises(BadRequest, match="openai/nonsense"):
        ProviderDirectory({}, ExternalModels()).resolve("nonsense")


def test_what_nobody_serves_is_taken_for_a_language_model() -> None:
    assert ProviderDirectory({}).traits("any") == ProviderTraits()
