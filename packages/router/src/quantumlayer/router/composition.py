"""One router, put together from where models are reached and which live in this process."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from quantumlayer.router.agents import AgentRules
from quantumlayer.router.providers import (
    AnsweringModel,
    ExternalModels,
    InProcessProvider,
    ModelEndpoint,
    ProviderDirectory,
)
from quantumlayer.router.providers.surroundings import Around
from quantumlayer.router.retries import RetryPolicy
from quantumlayer.router.router import Router
from quantumlayer.router.store import CallStore

if TYPE_CHECKING:
    from quantumlayer.router.configured import ConfiguredModels


def build_router(
    store: CallStore,
    *,
    in_process: Mapping[str, AnsweringModel],
    offered: Collection[str],
    endpoint: ModelEndpoint | None = None,
    retry: RetryPolicy | None = None,
    around: Around | None = None,
    rules: AgentRules | None = None,
) -> Router:
    """A router that answers `in_process` models itself and reaches the `offered` ones outside.

    `offered` are names and patterns such as `openai/gpt-5*`; the first that is outside is the main
    one where the endpoint names none. `around` puts something around the providers outside. By
    `rules` the groups of a configuration are models, too.
    """
    outside = next((name for name in offered if name not in in_process), None)
    settings = endpoint or ModelEndpoint()
    endpoint = settings.model_copy(update={"main": settings.main or outside})
    external = ExternalModels(endpoint, around)
    models = external if rules is None else _configured(rules, external, around, endpoint.proxy)
    inside = {name: InProcessProvider(model) for name, model in in_process.items()}
    providers = ProviderDirectory(inside, models, offered)
    return Router(providers, store, models, profiles=models.profile, retry=retry)


def _configured(
    rules: AgentRules, external: ExternalModels, around: Around | None, proxy: str | None
) -> "ExternalModels | ConfiguredModels":
    if rules.configuration is None:
        return external
    from quantumlayer.router.configured import ConfiguredModels  # noqa: PLC0415 - what it brings along is loaded only where it is used

    return ConfiguredModels(rules.configuration, external, rules=rules, around=around, proxy=proxy)
