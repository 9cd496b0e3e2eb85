"""The providers' door: the protocol, the directory of models, and litellm behind it."""

from quantumlayer.router.providers.directory import ProviderDirectory
from quantumlayer.router.providers.installed import installed_models
from quantumlayer.router.providers.litellm_door import close_connections
from quantumlayer.router.providers.litellm_provider import LiteLLMProvider, ModelEndpoint
from quantumlayer.router.providers.protocol import (
    AnswerForm,
    FinishReason,
    InProcessModel,
    Provider,
    ProviderReply,
    ProviderRequest,
    ProviderTraits,
)

__all__ = [
    "AnswerForm",
    "FinishReason",
    "InProcessModel",
    "LiteLLMProvider",
    "ModelEndpoint",
    "Provider",
    "ProviderDirectory",
    "ProviderReply",
    "ProviderRequest",
    "ProviderTraits",
    "close_connections",
    "installed_models",
]
