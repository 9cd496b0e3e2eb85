"""The providers' door: the protocol, the directory of models, and who serves them."""

from quantumlayer.router.providers.connections import close_connections
from quantumlayer.router.providers.directory import External, ProviderDirectory
from quantumlayer.router.providers.endpoints import ModelEndpoint, StructuredOutput
from quantumlayer.router.providers.external import ExternalModels
from quantumlayer.router.providers.in_process import InProcessProvider
from quantumlayer.router.providers.installed import installed_models
from quantumlayer.router.providers.protocol import (
    AnswerForm,
    AnsweringModel,
    InProcessModel,
    Provider,
    ProviderReply,
    ProviderRequest,
    ProviderTraits,
)

__all__ = [
    "AnswerForm",
    "AnsweringModel",
    "External",
    "ExternalModels",
    "InProcessModel",
    "InProcessProvider",
    "ModelEndpoint",
    "Provider",
    "ProviderDirectory",
    "ProviderReply",
    "ProviderRequest",
    "ProviderTraits",
    "StructuredOutput",
    "close_connections",
    "installed_models",
]
