"""From a configuration to what requests are served with; nothing outside is touched."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import partial
from typing import Any

from pydantic import JsonValue, TypeAdapter, ValidationError

from quantumlayer.gateway.configuration import (
    Configuration,
    ConfigurationError,
    Deployment,
    Place,
    Problem,
    Provider,
)
from quantumlayer.gateway.serving.facts import ModelKnowledge
from quantumlayer.gateway.serving.setup import Parts, Setup
from quantumlayer.gateway.serving.upstreams import Native, Upstream
from quantumlayer.gateway.tenants import callers
from quantumlayer.router import (
    InProcessModel,
    InProcessProvider,
    ModelEndpoint,
    installed_models,
)
from quantumlayer.router import Provider as Answerer
from quantumlayer.router.guardrails import Counts, Maker, Module, Pipeline, available_modules
from quantumlayer.router.limits import RateLimit
from quantumlayer.router.providers.endpoints import Endpoint, endpoint_of
from quantumlayer.router.providers.http_provider import HttpProvider
from quantumlayer.router.providers.litellm_provider import LiteLLMProvider
from quantumlayer.router.routing import Deployment as Routed
from quantumlayer.router.routing import Group, RoutingTable, Strategy
from quantumlayer.router.transport.clocks import Clocks
from quantumlayer.router.transport.targets import Target
from quantumlayer.router.wires import OWN_WIRES, WIRES, Reader
from quantumlayer.router.wires.anthropic_reader import AnthropicReader
from quantumlayer.router.wires.openai_reader import OpenAIReader

_VERSION = "2023-06-01"


def build(configuration: Configuration, parts: Parts) -> Setup:
    """Everything made ready; raises `ConfigurationError` for what cannot be."""
    return Setup(
        configuration=configuration,
        parts=parts,
        callers=callers(configuration),
        table=RoutingTable(groups=tuple(_groups(configuration))),
        groups=frozenset(configuration.models),
        upstreams=_upstreams(configuration),
        pipelines=_pipelines(configuration, parts.counts),
    )


def check(configuration: Configuration) -> None:
    """Raises `ConfigurationError` for what could not be made ready."""
    RoutingTable(groups=tuple(_groups(configuration)))
    _upstreams(configuration)
    _pipelines(configuration, Counts())


def _upstreams(configuration: Configuration) -> dict[str, Upstream]:
    found: dict[str, Upstream] = {}
    for group in configuration.models.values():
        for deployment in group.deployments:
            made = _upstream(configuration, deployment)
            found.setdefault(made.name, made)
    return found


def _groups(configuration: Configuration) -> Iterator[Group]:
    for name, group in configuration.models.items():
        ordered = group.strategy == "in_order"
        yield Group(
            name=name,
            deployments=tuple(
                Routed(
                    name=_name(one),
                    model=one.model,
                    weight=one.weight,
                    tags=frozenset(one.tags),
                    region=one.region,
                    tier=index if ordered else 0,
                )
                for index, one in enumerate(group.deployments)
            ),
            strategy=Strategy.WEIGHTED if ordered else Strategy(group.strategy),
            fallbacks=group.fallbacks,
        )


def _name(deployment: Deployment) -> str:
    return f"{deployment.model}@{deployment.region}" if deployment.region else deployment.model


def _upstream(configuration: Configuration, deployment: Deployment) -> Upstream:
    name, _, model = deployment.model.partition("/")
    provider = configuration.providers[name]
    known = ModelKnowledge(deployment.model, deployment.price)
    rates = provider.rates
    clocks = Clocks(
        provider.first_token_seconds, provider.silence_seconds, provider.total_seconds, thinks=True
    )
    answerer, native = _answerer(name, model, provider, known)
    return Upstream(
        name=_name(deployment),
        model=model,
        provider=name,
        limit=RateLimit(
            f"provider:{name}", rates.requests_a_minute, rates.tokens_a_minute, rates.concurrent
        ),
        clocks=clocks,
        translated=answerer,
        native=native,
        price=known.price,
        profile=known.profile,
    )


def _answerer(
    name: str, model: str, provider: Provider, known: ModelKnowledge
) -> tuple[Answerer, Native | None]:
    """Who answers for the model, and how requests of its own format are passed on."""
    if provider.wire == "in_process":
        return InProcessProvider(_installed(name, model)), None
    if provider.wire == "other":
        prefix = model.partition("/")[0]
        settings = ModelEndpoint(base_url=provider.base_url, api_key=provider.api_key, main=model)
        return LiteLLMProvider(prefix, settings, known.profile), None
    endpoint = _endpoint(name, model, provider)
    return HttpProvider(endpoint, known.profile), _native(endpoint)


def _installed(name: str, model: str) -> InProcessModel:
    try:
        return installed_models()[model]
    except KeyError:
        there = ", ".join(installed_models()) or "none"
        raise _wrong(
            ("providers", name), f"no model {model!r} is installed here; there is {there}"
        ) from None


def _endpoint(name: str, model: str, provider: Provider) -> Endpoint:
    key = provider.api_key.get_secret_value() if provider.api_key else None
    if provider.base_url is None:
        settings = ModelEndpoint(api_key=provider.api_key, main=f"{name}/{model}")
        found = endpoint_of(f"{name}/{model}", settings)
        if found is None:
            said = "nobody knows where it is: give it a base_url, or the wire `other`"
            raise _wrong(("providers", name), said)
        return found
    return Endpoint(
        prefix=name,
        target=Target(name, provider.base_url.rstrip("/"), model, key),
        wire=OWN_WIRES[provider.wire],
        key_needed=False,
        lists_all=False,
    )


def _native(endpoint: Endpoint) -> Native:
    key = endpoint.target.key
    if endpoint.wire in (WIRES["anthropic"], OWN_WIRES["anthropic"]):
        headers = {"anthropic-version": _VERSION} | ({"x-api-key": key} if key else {})
        return Native("anthropic_messages", endpoint, headers, partial(_reader, AnthropicReader))
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Native("openai_chat", endpoint, headers, partial(_reader, OpenAIReader))


def _reader(made: "type[AnthropicReader | OpenAIReader]", tools_offered: bool) -> Reader:
    return made(tools_offered=tools_offered)


def _pipelines(configuration: Configuration, counts: Counts) -> dict[tuple[str, ...], Pipeline]:
    """A pipeline for each list of modules that some key has; counts go on over reloads."""
    modules = {name: _module(configuration, name) for name in configuration.modules}
    lists = {caller.modules for caller in callers(configuration).by_hash.values()}
    return {names: Pipeline((modules[name] for name in names), counts) for names in {(), *lists}}


def _module(configuration: Configuration, name: str) -> Module:
    wanted = configuration.modules[name]
    path = ("modules", name)
    makers = available_modules()
    if wanted.module not in makers:
        there = ", ".join(sorted(makers))
        raise _wrong((*path, "module"), f"there is no module {wanted.module!r}; there is {there}")
    settings = {"name": name, **wanted.settings}
    if wanted.timeout_milliseconds is not None:
        settings["limit_milliseconds"] = wanted.timeout_milliseconds
    try:
        return _made(makers[wanted.module], settings)
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)
        )
        raise _wrong((*path, "settings"), said) from None
    except (TypeError, ValueError) as error:
        said = f"{wanted.module} cannot be set like this: {error}"
        raise _wrong((*path, "settings"), said) from None


def _made(maker: Maker, settings: dict[str, JsonValue]) -> Module:
    """The module; settings of those that say their types are read as these."""
    if not (isinstance(maker, type) and is_dataclass(maker)):
        return maker(**settings)
    typed: TypeAdapter[Any] = TypeAdapter(maker)
    module: Module = typed.validate_python(settings)
    return module


def _wrong(path: tuple[str, ...], said: str) -> ConfigurationError:
    return ConfigurationError((Problem(Place(1, 1), path, said),))
