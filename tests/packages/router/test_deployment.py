"""The settings of a deployment, as the router takes them."""

from decimal import Decimal
from pathlib import Path

import pytest

from quantumlayer.core.settings import ModelSettings, SettingsError
from quantumlayer.router import CallLimits, Price, call_limits, model_endpoint


def settings(**given: object) -> ModelSettings:
    return ModelSettings(_env_file=None, **given)  # type: ignore[arg-type] # as the environment


def test_every_limit_can_be_set() -> None:
    assert call_limits(
        settings(
            model_max_output_tokens=1000,
            model_max_cost_usd="2.5",
            model_total_seconds=300,
            model_silence_seconds=20,
            model_first_token_seconds=60,
            model_attempts=2,
            model_continuations=1,
        )
    ) == CallLimits(
        max_output_tokens=1000,
        max_cost_usd=Decimal("2.5"),
        timeout_seconds=300,
        silence_seconds=20,
        first_token_seconds=60,
        attempts=2,
        continuations=1,
    )


def test_what_is_not_set_is_what_a_call_has_by_itself() -> None:
    assert call_limits(settings()) == CallLimits()


def test_a_price_is_set_for_a_million_tokens() -> None:
    priced = settings(model_input_usd_per_million="3", model_output_usd_per_million="15")
    wanted = Price(input_usd=Decimal("0.000003"), output_usd=Decimal("0.000015"))
    assert model_endpoint(priced).price == wanted
    assert model_endpoint(settings()).price is None


def test_facts_of_a_model_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "profiles.toml"
    file.write_text('["openai/local*"]\noutput_cap = 16384\n')
    endpoint = model_endpoint(settings(model_profiles=file, model_structured_output="prompt"))
    assert endpoint.profiles == {"openai/local*": {"output_cap": 16384}}
    assert endpoint.structured_output == "prompt"


def test_a_file_that_cannot_be_read_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"QL_MODEL_PROFILES: .*none\.toml"):
        model_endpoint(settings(model_profiles=tmp_path / "none.toml"))
