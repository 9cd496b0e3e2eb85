"""From a configuration to what requests are served with; nothing outside is touched."""

from functools import partial
from importlib.util import find_spec

from pydantic import ValidationError

from quantumlayer.gateway.serving.setup import Parts, Setup
from quantumlayer.gateway.serving.upstreams import Native, Upstream
from quantumlayer.gateway.tenants import callers
from quantumlayer.router.configuration import Configuration, Deployment
from quantumlayer.router.configuration.answerers import answerer
from quantumlayer.router.configuration.facts import ModelKnowledge, listed_name
from quantumlayer.router.configuration.modules import module_of
from quantumlayer.router.configuration.problems import said_in, wrong
from quantumlayer.router.configuration.table import routing_table
from quantumlayer.router.guardrails import Counts, Pipeline
from quantumlayer.router.limits import RateLimit
from quantumlayer.router.observability import Asking
from quantumlayer.router.pricing import FREE, Price
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.endpoints import Endpoint
from quantumlayer.router.transport.clocks import Clocks
from quantumlayer.router.wires import AnthropicMessagesWire, OpenAIResponsesWire, Reader
from quantumlayer.router.wires.anthropic_reader import AnthropicReader
from quantumlayer.router.wires.openai_reader import OpenAIReader


def build(configuration: Configuration, parts: Parts) -> Setup:
    """Everything made ready; raises `ConfigurationError` for what cannot be."""
    return Setup(
        configuration=configuration,
        parts=parts,
        callers=callers(configuration),
        table=routing_table(configuration),
        groups=frozenset(configuration.models),
        upstreams=upstreams_of(configuration),
        pipelines=_pipelines(configuration, parts.counts),
    )


def check(configuration: Configuration) -> None:
    """Raises `ConfigurationError` for what could not be made ready."""
    check_extras(configuration)
    routing_table(configuration)
    upstreams_of(configuration)
    _pipelines(configuration, Counts())


def check_extras(configuration: Configuration) -> None:
    """Raises `ConfigurationError` where a package is missing that only some gateways need."""
    if configuration.cache and configuration.cache.semantic and find_spec("qdrant_client") is None:
        said = "this needs an extra: pip install 'quantumlayer-gateway[semantic]'"
        raise wrong(("cache", "semantic"), said)


def upstreams_of(configuration: Configuration) -> dict[str, Upstream]:
    """Every deployment by its name."""
    found: dict[str, Upstream] = {}
    for name, group in configuration.models.items():
        for index, deployment in enumerate(group.deployments):
            _check_profile(("models", name, "deployments", index, "profile"), deployment)
            made = _upstream(configuration, deployment)
            found.setdefault(made.name, made)
    return found


def _check_profile(path: tuple[str | int, ...], deployment: Deployment) -> None:
    try:
        Profile.model_validate(deployment.profile)
    except ValidationError as error:
        raise wrong(path, said_in(error)) from None


def _upstream(configuration: Configuration, deployment: Deployment) -> Upstream:
    name, _, model = deployment.model.partition("/")
    provider = configuration.providers[name]
    listed = listed_name(configuration, deployment)
    known = ModelKnowledge(listed, deployment.price, deployment.profile)
    rates = provider.rates
    clocks = Clocks(
        provider.first_token_seconds, provider.silence_seconds, provider.total_seconds, thinks=True
    )
    translated, endpoint = answerer(name, model, provider, known)
    return Upstream(
        name=deployment.known_as,
        model=model,
        provider=name,
        traced=Asking(
            "chat",
            listed.partition("/")[0],
            model,
            provider.base_url if endpoint is None else endpoint.target.url,
        ),
        limit=RateLimit(
            f"provider:{name}", rates.requests_a_minute, rates.tokens_a_minute, rates.concurrent
        ),
        clocks=clocks,
        translated=translated,
        native=None if endpoint is None else _native(endpoint),
        price=known.price if translated.traits.metered else _nothing,
        profile=known.profile,
    )


async def _nothing() -> Price:
    return FREE


def _native(endpoint: Endpoint) -> Native | None:
    wire, headers = endpoint.wire, endpoint.wire.headers(endpoint.target.key)
    match wire:
        case OpenAIResponsesWire():
            return None
        case AnthropicMessagesWire():
            read = partial(_reader, AnthropicReader)
            return Native("anthropic_messages", endpoint, headers, read)
        case _:
            return Native("openai_chat", endpoint, headers, partial(_reader, OpenAIReader))


def _reader(made: "type[AnthropicReader | OpenAIReader]", tools_offered: bool) -> Reader:
    return made(tools_offered=tools_offered)


def _pipelines(configuration: Configuration, counts: Counts) -> dict[tuple[str, ...], Pipeline]:
    """A pipeline for each list of modules that some key has; counts go on over reloads."""
    modules = {name: module_of(configuration, name) for name in configuration.modules}
    lists = {caller.modules for caller in callers(configuration).by_hash.values()}
    return {names: Pipeline((modules[name] for name in names), counts) for names in {(), *lists}}
