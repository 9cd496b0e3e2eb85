from .model import Environment, Language
from .preparing import prepare_environment, warm_environment, warm_toolchains
from .resolving import RegistryClient, registry_client, resolve_python

__all__ = [
    "Environment",
    "Language",
    "RegistryClient",
    "prepare_environment",
    "registry_client",
    "resolve_python",
    "warm_environment",
    "warm_toolchains",
]
