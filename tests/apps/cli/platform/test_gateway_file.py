"""The gateway's first configuration says what settings and environment know, and no secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from quantumlayer.cli.platform.gateway_file import first_configuration
from quantumlayer.core.identity import secret_hash
from quantumlayer.core.settings import ModelSettings
from quantumlayer.router.configuration import Configuration, read_text

KEY = "ql_" + "k" * 43


def made(environment: Mapping[str, str] | None = None, **settings: object) -> Configuration:
    given = environment or {}
    known = ModelSettings(_env_file=None, **settings)  # type: ignore[arg-type] # as the environment
    text = first_configuration(known, given, state=Path("/a home/gateway"), key=KEY)
    assert KEY not in text
    assert not any(value in text for value in given.values())
    return read_text(text, given)


def deployments(configuration: Configuration) -> dict[str, str]:
    return {name: group.deployments[0].model for name, group in configuration.models.items()}


def test_without_any_setting_there_is_the_model_that_is_installed() -> None:
    configuration = made()
    assert deployments(configuration) == {"builtin": "here/builtin"}
    assert list(configuration.providers) == ["here"]
    assert configuration.state == "/a home/gateway"
    assert configuration.redis is not None
    assert configuration.database is None


def test_the_platforms_database_has_the_rows_of_the_audit() -> None:
    url = "postgresql+asyncpg://app:hidden@127.0.0.1:5432/quantumlayer"
    database = made({"QL_DATABASE_URL": url}).database
    assert database is not None
    assert database.get_secret_value() == url


def test_the_local_key_opens_it_and_agents_are_the_same_organisation() -> None:
    configuration = made()
    local = configuration.organisations["local"]
    assert local.keys["local"].hash == f"sha256:{secret_hash(KEY)}"
    assert configuration.agents is not None
    assert configuration.agents.organisation == "local"
    assert (local.modules, local.budgets) == ((), ())


def test_providers_whose_keys_are_there_are_ready_to_be_used() -> None:
    environment = {"ANTHROPIC_API_KEY": "one-of-the-test", "GOOGLE_API_KEY": "two-of-the-test"}
    providers = made(environment).providers
    assert list(providers) == ["here", "anthropic", "gemini"]
    keys = [provider.api_key for provider in providers.values()]
    assert [key.get_secret_value() for key in keys if key] == [*environment.values()]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"model": "openai/gpt-5"}, {"gpt-5": "openai/gpt-5"}),
        ({"model": "gpt-5"}, {"gpt-5": "openai/gpt-5"}),
        ({"models": "openrouter/meta/llama:3"}, {"llama-3": "openrouter/meta/llama:3"}),
        (
            {"models": "openai/same, groq/same"},
            {"same": "openai/same", "groq-same": "groq/same"},
        ),
        ({"model": "bedrock/eu.nova"}, {"eu.nova": "other/bedrock/eu.nova"}),
        # A pattern says which models may be asked, and is the name of none.
        ({"models": "openai/gpt-5*"}, {}),
    ],
)
def test_models_that_settings_name_are_offered_by_short_names(
    settings: dict[str, str], expected: dict[str, str]
) -> None:
    assert deployments(made({}, **settings)) == {"builtin": "here/builtin", **expected}


def test_a_server_of_ones_own_is_reached_where_settings_say() -> None:
    url = "http://127.0.0.1:11434/v1"
    configuration = made(
        {"QL_MODEL_BASE_URL": url, "QL_MODEL_API_KEY": "s3cret"},
        model="openai/local",
        model_base_url=url,
        model_api_key="s3cret",
    )
    server = configuration.providers["openai"]
    assert server.base_url == url
    assert server.api_key is not None
    assert server.api_key.get_secret_value() == "s3cret"
    assert deployments(configuration)["local"] == "openai/local"


def test_the_main_key_is_for_the_provider_of_the_main_model() -> None:
    environment = {"QL_MODEL_API_KEY": "main-of-the-test", "OPENAI_API_KEY": "other-of-the-test"}
    providers = made(environment, model="groq/x", model_api_key="main-of-the-test").providers
    keys = {name: provider.api_key for name, provider in providers.items()}
    assert keys["groq"] is not None
    assert keys["groq"].get_secret_value() == "main-of-the-test"
    assert keys["openai"] is not None
    assert keys["openai"].get_secret_value() == "other-of-the-test"


def test_a_key_that_is_missing_is_no_error_until_its_model_is_asked() -> None:
    assert made(model="groq/x").providers["groq"].api_key is not None
