"""What of our own environment each application gets: what it needs, and nothing else.

The worker runs what strangers wrote: neither the owner's key nor the key that signs sessions may
stand where it could be read. The API asks no model and builds nothing, so it gets no model's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic_settings import BaseSettings

from quantumlayer.core.models import offered
from quantumlayer.core.settings import ApiSettings, WorkerSettings
from quantumlayer.processes import Group, child_environment

_EVERYBODY = (Group.BASE, Group.ACCOUNT, Group.INTERPRETER, Group.TRUST, Group.PROXIES)
# Where toolchains are, how the clients of package registries reach them, and the sandbox.
_BUILDS = (
    Group.TOOLCHAINS,
    Group.SANDBOX,
    Group.PYTHON_REGISTRY,
    Group.NPM_REGISTRY,
    Group.GO_REGISTRY,
    Group.RUST_REGISTRY,
)
# Where traces of models' calls go.
_TRACES = "OTEL_*"
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
    "meta_llama": ("LLAMA_*",),
    "ollama_chat": ("OLLAMA_*",),
    "nvidia_nim": ("NVIDIA_*",),
    "vercel_ai_gateway": ("VERCEL_AI_GATEWAY_*", "AI_GATEWAY_*"),
    "gpt": ("OPENAI_*",),
    "chatgpt": ("OPENAI_*",),
    "o1": ("OPENAI_*",),
    "o3": ("OPENAI_*",),
    "o4": ("OPENAI_*",),
    "claude": ("ANTHROPIC_*",),
    "command": ("COHERE_*",),
    "deepseek": ("DEEPSEEK_*",),
    "grok": ("XAI_*",),
    "kimi": ("MOONSHOT_*",),
    "mistral": ("MISTRAL_*",),
    "codestral": ("MISTRAL_*", "CODESTRAL_*"),
    "devstral": ("MISTRAL_*",),
    "magistral": ("MISTRAL_*",),
}


def for_api(environment: Mapping[str, str]) -> dict[str, str]:
    """What the API inherits."""
    # Its parser asks languages' own checkers, so it must find their toolchains.
    return _allowed(environment, (*_EVERYBODY, Group.TOOLCHAINS), _names(ApiSettings))


def for_worker(environment: Mapping[str, str], named: Iterable[str] = ()) -> dict[str, str]:
    """What the worker inherits; of models' providers only those that clients may choose.

    `named` are the variables in the configuration by which its models are asked.
    """
    names = (*_names(WorkerSettings), *_of_models(environment), *named, _TRACES)
    return _allowed(environment, (*_EVERYBODY, *_BUILDS), names)


def for_gateway(environment: Mapping[str, str], named: Iterable[str]) -> dict[str, str]:
    """What the gateway inherits: `named` are the variables that its configuration names."""
    return _allowed(environment, _EVERYBODY, (*_of_models(environment), *named, _TRACES))


def for_migrations(environment: Mapping[str, str]) -> dict[str, str]:
    """What the process that brings the database up to date inherits."""
    return _allowed(environment, _EVERYBODY, ())


def _of_models(environment: Mapping[str, str]) -> Iterator[str]:
    """The variables of the providers of all models that settings name."""
    for model in offered(environment.get("QL_MODEL"), environment.get("QL_MODELS", "")):
        yield from _provider(model)


def _names(settings: type[BaseSettings]) -> list[str]:
    return [f"QL_{name.upper()}" for name in settings.model_fields]


def _provider(model: str) -> tuple[str, ...]:
    prefix = model.partition("/")[0]
    if "/" not in model:
        return _PROVIDERS.get(prefix.partition("-")[0], ())
    return _PROVIDERS.get(prefix, (f"{prefix.upper()}_*",))


def _allowed(
    environment: Mapping[str, str], groups: Iterable[Group], patterns: Iterable[str]
) -> dict[str, str]:
    wanted = tuple(patterns)
    own = {
        name: value
        for name, value in environment.items()
        if any(_fits(name, pattern) for pattern in wanted)
    }
    everything = child_environment(*groups, given=environment) | own
    return {name: value for name, value in everything.items() if value}


def _fits(name: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name == pattern
