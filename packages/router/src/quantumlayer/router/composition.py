"""One router, put together from where models are reached and which live in this process."""

from collections.abc import Collection, Mapping

from quantumlayer.router.providers import (
    AnsweringModel,
    ExternalModels,
    InProcessProvider,
    ModelEndpoint,
    ProviderDirectory,
)
from quantumlayer.router.providers.external import Around
from quantumlayer.router.retries import RetryPolicy
from quantumlayer.router.router import Router
from quantumlayer.router.store import CallStore


def build_router(
    store: CallStore,
    *,
    in_process: Mapping[str, AnsweringModel],
    offered: Collection[str],
    endpoint: ModelEndpoint | None = None,
    retry: RetryPolicy | None = None,
    around: Around | None = None,
) -> Router:
    """A router that answers `in_process` models itself and reaches the `offered` ones outside.

    `offered` are names and patterns such as `openai/gpt-5*`; the first that is outside is the main
    one where the endpoint names none. `around` puts something around the providers outside.
    """
    outside = next((name for name in offered if name not in in_process), None)
    settings = endpoint or ModelEndpoint()
    endpoint = settings.model_copy(update={"main": settings.main or outside})
    external = ExternalModels(endpoint, around)
    inside = {name: InProcessProvider(model) for name, model in in_process.items()}
    providers = ProviderDirectory(inside, external, offered)
    return Router(providers, store, external, profiles=external.profile, retry=retry)
