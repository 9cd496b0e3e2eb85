"""What of our own environment each application gets: what it needs, and nothing else.

The worker runs what strangers wrote: neither the owner's key nor the key that signs sessions may
stand where it could be read. The API asks no model and builds nothing, so it gets no model's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic_settings import BaseSettings

from quantumlayer.core.settings import ApiSettings, WorkerSettings, offered
from quantumlayer.processes import Group, child_environment

# Its parser asks languages' own checkers, so it must find their toolchains.
_API_GROUPS = (Group.BASE, Group.INTERPRETER, Group.TRUST, Group.TOOLCHAINS)
_MIGRATION_GROUPS = (Group.BASE, Group.INTERPRETER)
# How Python itself behaves, for whoever set it for the whole platform.
_PYTHON = ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")
_SANDBOX = ("QL_SANDBOX", "QL_SANDBOX_KUBERNETES_*", "KUBERNETES_SERVICE_*")
# By what a model's name begins with: the variables of its provider, where they are not simply
# the provider's name in capitals.
_PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "azure": ("AZURE_*",),
    "bedrock": ("AWS_*",),
    "sagemaker": ("AWS_*",),
    "gemini": ("GEMINI_*", "GOOGLE_*"),
    "vertex_ai": ("VERTEX*", "GOOGLE_*"),
    "huggingface": ("HUGGINGFACE_*", "HF_*"),
    "together_ai": ("TOGETHERAI_*", "TOGETHER_*"),
    "fireworks_ai": ("FIREWORKS_*",),
    "gpt": ("OPENAI_*",),
    "o1": ("OPENAI_*",),
    "o3": ("OPENAI_*",),
    "claude": ("ANTHROPIC_*",),
    "command": ("COHERE_*",),
}


def for_api(environment: Mapping[str, str]) -> dict[str, str]:
    """What the API inherits."""
    own = _fitting(environment, (*_PYTHON, *_names(ApiSettings)))
    return {**child_environment(*_API_GROUPS, given=environment), **own}


def for_worker(environment: Mapping[str, str]) -> dict[str, str]:
    """What the worker inherits; of models' providers only those that clients may choose."""
    models = offered(environment.get("QL_MODEL", ""), environment.get("QL_MODELS", ""))
    providers = (pattern for model in models for pattern in _provider(model))
    own = _fitting(environment, (*_PYTHON, *_SANDBOX, *_names(WorkerSettings), *providers))
    # The programs that it starts get of this what they need, group by group.
    return {**child_environment(*Group, given=environment), **own}


def for_migrations(environment: Mapping[str, str]) -> dict[str, str]:
    """What the process that brings the database up to date inherits."""
    return child_environment(*_MIGRATION_GROUPS, given=environment)


def _names(settings: type[BaseSettings]) -> list[str]:
    return [f"QL_{name.upper()}" for name in settings.model_fields]


def _provider(model: str) -> tuple[str, ...]:
    prefix = model.partition("/")[0]
    if "/" not in model:
        return _PROVIDERS.get(prefix.partition("-")[0], ())
    return _PROVIDERS.get(prefix, (f"{prefix.upper()}_*",))


def _fitting(environment: Mapping[str, str], patterns: Iterable[str]) -> dict[str, str]:
    wanted = tuple(patterns)
    return {
        name: value
        for name, value in environment.items()
        if value and any(_fits(name, pattern) for pattern in wanted)
    }


def _fits(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
