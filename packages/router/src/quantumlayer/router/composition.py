"""One router, put together from where models are reached and which live in this process."""

from collections.abc import Collection, Mapping

from quantumlayer.router.providers import (
    LiteLLMProvider,
    ModelEndpoint,
    Provider,
    ProviderDirectory,
)
from quantumlayer.router.router import Router
from quantumlayer.router.store import CallStore


def build_router(
    store: CallStore,
    *,
    in_process: Mapping[str, Provider],
    offered: Collection[str],
    endpoint: ModelEndpoint | None = None,
) -> Router:
    """A router that answers `in_process` models itself and asks litellm for the `offered` ones."""
    external = LiteLLMProvider(endpoint)
    return Router(ProviderDirectory(in_process, external, offered), store, external)
