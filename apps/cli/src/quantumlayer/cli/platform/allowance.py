"""What of our own environment each application gets: what it needs, and nothing else.

The worker runs what strangers wrote: neither the owner's key nor the key that signs sessions may
stand where it could be read. The API asks no model and builds nothing, so it gets no model's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic_settings import BaseSettings

from quantumlayer.core.settings import ApiSettings, WorkerSettings, offered

# Where programs, certificates and time are found; how text is written.
_EVERYBODY = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "LC_*",
    "TZ",
    "TMPDIR",
    "PYTHONPATH",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "*_PROXY",
    "*_proxy",
]
# Where toolchains are, and how the clients of package registries reach them.
_TOOLCHAINS = [
    "PIP_*",
    "UV_*",
    "NPM_CONFIG_*",
    "npm_config_*",
    "YARN_*",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GOPROXY",
    "GOPRIVATE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOSUMDB",
    "GOINSECURE",
    "GOPATH",
    "GOROOT",
    "GOMODCACHE",
    "GOCACHE",
    "GOFLAGS",
    "GOTOOLCHAIN",
    "CARGO_*",
    "RUSTUP_*",
    "JAVA_HOME",
    "MAVEN_*",
    "M2_HOME",
    "GRADLE_*",
    "QL_SANDBOX",
    "QL_SANDBOX_KUBERNETES_*",
    "KUBERNETES_SERVICE_*",
]
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
    return _allowed(environment, (*_EVERYBODY, *_names(ApiSettings)))


def for_worker(environment: Mapping[str, str]) -> dict[str, str]:
    """What the worker inherits; of models' providers only those that clients may choose."""
    models = offered(environment.get("QL_MODEL", ""), environment.get("QL_MODELS", ""))
    providers = (pattern for model in models for pattern in _provider(model))
    return _allowed(environment, (*_EVERYBODY, *_TOOLCHAINS, *_names(WorkerSettings), *providers))


def for_migrations(environment: Mapping[str, str]) -> dict[str, str]:
    """What the process that brings the database up to date inherits."""
    return _allowed(environment, _EVERYBODY)


def _names(settings: type[BaseSettings]) -> list[str]:
    return [f"QL_{name.upper()}" for name in settings.model_fields]


def _provider(model: str) -> tuple[str, ...]:
    prefix = model.partition("/")[0]
    if "/" not in model:
        return _PROVIDERS.get(prefix.partition("-")[0], ())
    return _PROVIDERS.get(prefix, (f"{prefix.upper()}_*",))


def _allowed(environment: Mapping[str, str], patterns: Iterable[str]) -> dict[str, str]:
    wanted = tuple(patterns)
    return {
        name: value
        for name, value in environment.items()
        if value and any(_fits(name, pattern) for pattern in wanted)
    }


def _fits(name: str, pattern: str) -> bool:
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name == pattern
