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
