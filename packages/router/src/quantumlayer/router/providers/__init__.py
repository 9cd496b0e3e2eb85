"""The providers' door: the protocol, the directory of models, and litellm behind it."""

from quantumlayer.router.providers.directory import ProviderDirectory, Resolved
from quantumlayer.router.providers.litellm_door import close_connections
from quantumlayer.router.providers.litellm_provider import LiteLLMProvider, ModelEndpoint
from quantumlayer.router.providers.protocol import (
    AnswerForm,
    FinishReason,
    Provider,
    ProviderReply,
    ProviderRequest,
)

__all__ = [
    "AnswerForm",
    "FinishReason",
    "LiteLLMProvider",
    "ModelEndpoint",
    "Provider",
    "ProviderDirectory",
    "ProviderReply",
    "ProviderRequest",
    "Resolved",
    "close_connections",
]
