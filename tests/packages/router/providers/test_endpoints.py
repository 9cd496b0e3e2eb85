"""Where models are reached, and whose key goes where."""

import pytest
from pydantic import SecretStr, ValidationError

from quantumlayer.router import AuthenticationFailed, MemoryCallStore, ModelEndpoint, build_router
from quantumlayer.router.providers.endpoints import Endpoint, endpoint_of
from tests.support.provider_parts import Echo

OWN = "http://127.0.0.1:9/v1"
ENVIRONMENT = {"OPENAI_API_KEY": "of-openai", "ANTHROPIC_API_KEY": "of-anthropic"}


def reached(model: str, **settings: object) -> Endpoint:
    found = endpoint_of(model, ModelEndpoint.model_validate(settings), ENVIRONMENT)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("model", "url", "name", "key"),
    [
        ("openai/gpt-5", "https://api.openai.com/v1", "gpt-5", "of-openai"),
        ("gpt-5", "https://api.openai.com/v1", "gpt-5", "of-openai"),
        ("anthropic/claude-x", "https://api.anthropic.com/v1", "claude-x", "of-anthropic"),
        ("openrouter/openai/gpt-5", "https://openrouter.ai/api/v1", "openai/gpt-5", None),
    ],
)
def test_the_prefix_says_where_and_with_which_key(
    model: str, url: str, name: str, key: str | None
) -> None:
    target = reached(model).target
    assert (target.url, target.model, target.key) == (url, name, key)


@pytest.mark.parametrize("model", ["bedrock/claude", "vertex_ai/gemini", "azure/gpt", "nonsense"])
def test_what_has_no_wire_here_is_reached_otherwise(model: str) -> None:
    assert endpoint_of(model, ModelEndpoint(), ENVIRONMENT) is None


def test_a_server_of_ones_own_serves_openais_names_and_gets_no_key_of_the_environment() -> None:
    own = reached("openai/meta/llama", base_url=f"{OWN}/")
    assert (own.target.url, own.target.model, own.target.key) == (OWN, "meta/llama", None)
    assert not own.key_needed
    assert own.target.url_variable == "QL_MODEL_BASE_URL"
    assert reached("llama", base_url=OWN).target.url == OWN


def test_the_key_of_the_settings_goes_to_the_own_server_alone() -> None:
    settings = {"base_url": OWN, "api_key": SecretStr("mine"), "main": "openai/x"}
    assert reached("openai/x", **settings).target.key == "mine"
    assert reached("anthropic/x", **settings).target.key == "of-anthropic"
    assert reached("groq/x", **settings).target.key is None


def test_without_an_own_server_it_goes_to_the_main_models_provider_alone() -> None:
    settings = {"api_key": SecretStr("mine"), "main": "groq/x"}
    assert reached("groq/y", **settings).target.key == "mine"
    assert reached("groq/y", **settings).target.key_variable == "QL_MODEL_API_KEY"
    assert reached("openai/x", **settings).target.key == "of-openai"
    assert reached("mistral/x", **settings).target.key is None
    assert reached("mistral/x", **settings).target.key_variable == "MISTRAL_API_KEY"


def test_servers_on_this_machine_want_no_key() -> None:
    assert not reached("ollama/llama3.2").key_needed
    assert reached("openai/gpt-5").key_needed


def test_a_key_is_in_no_representation() -> None:
    assert "of-openai" not in repr(reached("openai/gpt-5"))


def test_a_fact_that_no_profile_has_is_refused_when_settings_are_read() -> None:
    with pytest.raises(ValidationError, match="outputcap"):
        ModelEndpoint(profiles={"openai/x": {"outputcap": 1}})


async def test_the_first_offered_model_outside_is_the_main_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MISTRAL_API_KEY", raising=False)
    settings = ModelEndpoint(api_key=SecretStr("mine"))
    offered = ["here", "groq/x", "mistral/x"]
    router = build_router(
        MemoryCallStore(), in_process={"here": Echo()}, offered=offered, endpoint=settings
    )
    await router.check("here")
    with pytest.raises(AuthenticationFailed, match="set MISTRAL_API_KEY"):
        await router.check("mistral/x")
