"""What the installed price map says, and that litellm is not imported for it."""

import subprocess
import sys
from decimal import Decimal

import pytest

from quantumlayer.router import ExternalModels, ModelEndpoint, Price
from quantumlayer.router.profiles.catalogue import Catalogue


async def test_a_model_has_its_prices_and_sizes() -> None:
    facts = await Catalogue().facts("openai/gpt-4o-mini")
    assert facts is not None
    assert facts.price == Price(
        input_usd=Decimal("0.00000015"),
        output_usd=Decimal("0.0000006"),
        cached_usd=Decimal("0.000000075"),
    )
    assert facts.sizes == {"context_window": 128_000, "output_cap": 16_384}


async def test_what_is_written_into_a_cache_has_a_price_of_its_own() -> None:
    price = await Catalogue().price("anthropic/claude-sonnet-4-5")
    assert price is not None
    assert price.cache_written_usd == price.input_usd * Decimal("1.25")
    assert price.cached_usd == price.input_usd / 10


@pytest.mark.parametrize(
    ("model", "dear_from"),
    [
        ("gemini/gemini-2.5-pro", 200_001),
        ("vertex_ai/claude-sonnet-4-5", 200_001),
        ("openai/gpt-5.4", 272_001),
    ],
)
async def test_long_prompts_are_dearer_where_the_map_says_so(model: str, dear_from: int) -> None:
    price = await Catalogue().price(model)
    assert price is not None
    assert price.cost(dear_from, 0) > 2 * price.cost(dear_from - 1, 0)
    assert price.cost(dear_from, 1_000) - price.cost(dear_from, 0) == 1_500 * price.output_usd
    cached = price.cost(dear_from, 0, cached=dear_from)
    assert price.cached_usd is not None
    assert cached == 2 * price.cached_usd * dear_from


async def test_a_provider_that_counts_its_threshold_in_is_known() -> None:
    price = await Catalogue().price("xai/grok-4.3")
    assert price is not None
    assert [tier.from_tokens for tier in price.tiers] == [200_000]


async def test_thoughts_that_are_dearer_than_other_words_are_known() -> None:
    price = await Catalogue().price("dashscope/qwen-plus-latest")
    assert price is not None
    assert price.reasoning_usd == Decimal("0.000004") > price.output_usd
    assert [tier.reasoning_usd for tier in price.tiers] == [Decimal("0.000012")]


async def test_every_step_of_a_list_of_tiers_is_a_price() -> None:
    price = await Catalogue().price("dashscope/qwen3-coder-plus")
    assert price is not None
    assert [tier.from_tokens for tier in price.tiers] == [32_001, 128_001, 256_001]
    asked = [price.cost(n, 0) / n * 1_000_000 for n in (32_000, 32_001, 128_001, 900_000)]
    assert asked == [1, Decimal("1.8"), 3, 6]


@pytest.mark.parametrize("model", ["groq/openai/gpt-oss-120b", "deepseek/deepseek-chat"])
async def test_a_provider_has_prices_of_its_own(model: str) -> None:
    assert await Catalogue().price(model) is not None


@pytest.mark.parametrize(
    "model", ["openai/scripted", "scripted", "groq/gpt-4o-mini", "sample_spec", ""]
)
async def test_what_is_not_in_the_map_has_no_price(model: str) -> None:
    assert await Catalogue().price(model) is None


async def test_prices_come_from_the_settings_else_from_the_map_else_from_nowhere() -> None:
    one, two = (Price(input_usd=Decimal(n), output_usd=Decimal(n)) for n in (1, 2))
    settings = ModelEndpoint(prices={"openai/gpt-4o*": one, "openai/gpt-4o-mini": two})
    assert await ExternalModels(settings).price("openai/gpt-4o-mini") == two
    assert await ExternalModels(settings).price("openai/gpt-4o") == one
    assert await ExternalModels(ModelEndpoint(price=one)).price("openai/scripted") == one
    assert await ExternalModels().price("openai/scripted") is None
    assert await ExternalModels().price("openai/gpt-4o-mini") is not None


def test_nothing_of_it_imports_litellm() -> None:
    code = (
        "import asyncio, sys\n"
        "from quantumlayer.router import ExternalModels\n"
        "models = ExternalModels()\n"
        "assert asyncio.run(models.price('openai/gpt-4o-mini'))\n"
        "assert asyncio.run(models.profile('openai/gpt-4o-mini')).output_cap == 16384\n"
        "models.provider('openai/gpt-4o-mini')\n"
        "assert 'litellm' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
