"""Who answers for a deployment of a configuration."""

from dataclasses import replace

from quantumlayer.router.configuration.facts import ModelKnowledge, listed_name, price_of
from quantumlayer.router.configuration.model import Configuration, Deployment
from quantumlayer.router.configuration.model import Provider as Configured
from quantumlayer.router.configuration.problems import wrong
from quantumlayer.router.pricing import FREE, Price
from quantumlayer.router.profiles.families import profile_of
from quantumlayer.router.providers import (
    InProcessModel,
    InProcessProvider,
    ModelEndpoint,
    Provider,
    installed_models,
)
from quantumlayer.router.providers.endpoints import Endpoint, endpoint_of, prefixes
from quantumlayer.router.providers.http_provider import HttpProvider
from quantumlayer.router.providers.litellm_provider import LiteLLMProvider
from quantumlayer.router.transport.targets import Target
from quantumlayer.router.wires import WIRES, wire_for


def answerer(
    name: str, model: str, provider: Configured, known: ModelKnowledge, proxy: str | None = None
) -> tuple[Provider, Endpoint | None]:
    """Who answers for `model`, and where it is reached if that is on a wire of ours.

    `proxy` is on the way to providers that name none of their own.
    Raises `ConfigurationError` for a model that nobody can reach.
    """
    if provider.wire == "in_process":
        return InProcessProvider(_installed(name, model)), None
    if provider.wire == "other":
        prefix = model.partition("/")[0]
        settings = ModelEndpoint(base_url=provider.base_url, api_key=provider.api_key, main=model)
        return LiteLLMProvider(prefix, settings, known.profile), None
    endpoint = _endpoint(name, model, provider, provider.proxy or proxy)
    profile = profile_of(known.model, overrides={known.model: known.overrides})
    asked = replace(endpoint, wire=wire_for(endpoint.wire, profile))
    return HttpProvider(endpoint, known.profile), asked


def listed_price(configuration: Configuration, deployment: Deployment) -> Price | None:
    """What its tokens cost as far as that is written down somewhere."""
    name, _, model = deployment.model.partition("/")
    if configuration.providers[name].wire == "in_process":
        return None if _installed(name, model).traits.metered else FREE
    return price_of(listed_name(configuration, deployment), deployment.price)


def _installed(name: str, model: str) -> InProcessModel:
    try:
        return installed_models()[model]
    except KeyError:
        there = ", ".join(installed_models()) or "none"
        raise wrong(
            ("providers", name), f"no model {model!r} is installed here; there is {there}"
        ) from None


def _endpoint(name: str, model: str, provider: Configured, proxy: str | None) -> Endpoint:
    key = provider.api_key.get_secret_value() if provider.api_key else None
    if provider.base_url is None:
        asked = f"{provider.kind or name}/{model}"
        settings = ModelEndpoint(api_key=provider.api_key, main=asked, proxy=proxy)
        found = endpoint_of(asked, settings)
        if found is None:
            there = ", ".join(prefixes())
            said = f"nobody knows where it is: give it a base_url, or as its kind one of {there}"
            raise wrong(("providers", name), f"{said}, or the wire `other`")
        return found if provider.wire == "openai" else replace(found, wire=WIRES[provider.wire])
    return Endpoint(
        prefix=name,
        target=Target(name, provider.base_url.rstrip("/"), model, key, proxy),
        wire=WIRES[provider.wire],
        key_needed=False,
        lists_all=False,
        own=True,
    )
