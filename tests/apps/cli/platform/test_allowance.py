"""Which variables of our own environment the worker gets."""

import pytest

from quantumlayer.cli.platform.allowance import for_gateway, for_worker
from quantumlayer.router import ModelEndpoint
from quantumlayer.router.providers.endpoints import endpoint_of, prefixes


@pytest.mark.parametrize("prefix", prefixes())
def test_a_model_that_is_offered_brings_its_providers_key(prefix: str) -> None:
    model = f"{prefix}/some"
    found = endpoint_of(model, ModelEndpoint(main="other/x"), {})
    assert found is not None
    variable = found.target.key_variable
    assert variable is not None
    assert for_worker({"QL_MODEL": model, variable: "secret"})[variable] == "secret"


@pytest.mark.parametrize(
    ("model", "variable"),
    [
        ("gpt-5", "OPENAI_API_KEY"),
        ("o4-mini", "OPENAI_API_KEY"),
        ("claude-sonnet-4-5", "ANTHROPIC_API_KEY"),
        ("grok-4", "XAI_API_KEY"),
        ("kimi-k2", "MOONSHOT_API_KEY"),
        ("mistral-large-latest", "MISTRAL_API_KEY"),
    ],
)
def test_so_does_a_name_without_a_prefix(model: str, variable: str) -> None:
    assert variable in for_worker({"QL_MODEL": "builtin", "QL_MODELS": model, variable: "secret"})


def test_where_traces_go_is_told() -> None:
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in for_worker({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"})


def test_no_other_key_is_given() -> None:
    given = for_worker({"QL_MODEL": "openai/gpt-5", "GROQ_API_KEY": "secret", "QL_OWNER_KEY": "x"})
    assert not {"GROQ_API_KEY", "QL_OWNER_KEY"} & given.keys()


def test_a_configuration_brings_the_variables_that_it_names() -> None:
    environment = {"QL_MODEL": "fast", "ACME_KEY": "secret", "OTHER_KEY": "secret"}
    assert for_worker(environment, ["ACME_KEY"])["ACME_KEY"] == "secret"
    assert "OTHER_KEY" not in for_worker(environment, ["ACME_KEY"])


def test_the_gateway_gets_what_its_configuration_names_and_no_secret_of_the_platform() -> None:
    environment = {"ACME_KEY": "secret", "QL_OWNER_KEY": "x", "QL_SECRET_KEY": "y", "PATH": "/bin"}
    assert for_gateway(environment, ["ACME_KEY"]) == {"ACME_KEY": "secret", "PATH": "/bin"}
