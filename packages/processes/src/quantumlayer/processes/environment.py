"""The one list of what a program that we start may learn from our environment.

A worker's environment holds keys, passwords and addresses. Nothing is passed on because it is
there: each group below names what programs of one purpose need, and whoever starts a program says
which groups those are.
"""

import os
import re
from collections.abc import Mapping
from enum import StrEnum


class Group(StrEnum):
    """What a variable is for."""

    BASE = "base"
    """Where programs are, in which language they speak, where temporary files go."""
    ACCOUNT = "account"
    """Whose processes these are, and how our own print."""
    INTERPRETER = "interpreter"
    """Where our own Python finds our own modules."""
    TRUST = "trust"
    """Files with the certificates that this machine trusts."""
    PROXIES = "proxies"
    """How this machine reaches the network."""
    TOOLCHAINS = "toolchains"
    """Where the user's compilers, and the settings of their package managers, live."""
    SANDBOX = "sandbox"
    """In which sandbox tests run, and where its installers and images get things from."""
    PYTHON_REGISTRY = "python registry"
    NPM_REGISTRY = "npm registry"
    GO_REGISTRY = "go registry"
    RUST_REGISTRY = "rust registry"


ALLOWED: Mapping[Group, tuple[str, ...]] = {
    Group.BASE: ("PATH", "LANG", "LANGUAGE", "LC_[A-Z]+", "TZ", "TMPDIR"),
    Group.ACCOUNT: (
        "HOME", "USER", "LOGNAME", "SHELL", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE",
    ),
    Group.INTERPRETER: ("PYTHONPATH", "VIRTUAL_ENV"),
    Group.TRUST: (
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE", "CARGO_HTTP_CAINFO", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS",
    ),
    Group.PROXIES: tuple(
        spelled
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
        for spelled in (name, name.lower())
    ),
    Group.TOOLCHAINS: (
        "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "CARGO_HOME",
        "XDG_CACHE_HOME", "GOROOT", "GOPATH", "GOENV", "GOCACHE", "GOMODCACHE", "JAVA_HOME",
        r"(?i:npm_config_(?:user|global)config)", r"(?i:npm_config_prefix)", "NVM_DIR",
        "VOLTA_HOME", "PYENV_ROOT",
    ),
    Group.SANDBOX: (
        "QL_SANDBOX", "QL_SANDBOX_KUBERNETES_[A-Z_]+", "KUBERNETES_SERVICE_[A-Z_]+",
        "QL_REGISTRY_HOSTS", "CONTAINERS_STORAGE_CONF", "CONTAINERS_REGISTRIES_CONF",
    ),
    Group.PYTHON_REGISTRY: (
        "UV_CONFIG_FILE", "UV_NO_CONFIG",
        "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS",
        "UV_INDEX_STRATEGY", "UV_INSECURE_HOST", "UV_OFFLINE", "UV_NO_INDEX", "UV_EXCLUDE_NEWER",
        "UV_HTTP_TIMEOUT", "UV_HTTP_CONNECT_TIMEOUT", "UV_HTTP_RETRIES", "UV_REQUEST_TIMEOUT",
        "UV_CONCURRENT_DOWNLOADS", r"UV_INDEX_[A-Z0-9_]+_(?:USERNAME|PASSWORD)",
    ),
    Group.NPM_REGISTRY: (
        r"(?i:npm_config_(?:@[^:]+:)?registry)", r"(?i:npm_config_(?:strict_ssl|cafile|offline))",
        r"(?i:npm_config_fetch_[a-z_]+)", r"(?i:npm_config_//.+)",
    ),
    Group.GO_REGISTRY: (
        "GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GONOSUMCHECK",
    ),
    Group.RUST_REGISTRY: (
        r"CARGO_REGISTR(?:Y|IES)_[A-Z0-9_]+", r"CARGO_SOURCE_[A-Z0-9_]+", "CARGO_HTTP_TIMEOUT",
        "CARGO_HTTP_MULTIPLEXING", "CARGO_NET_RETRY", "CARGO_NET_OFFLINE",
    ),
}  # fmt: skip
"""For each group the names of variables, as patterns of the whole name."""

# A program to be asked for a credential would be run.
NEVER = re.compile(r"CREDENTIAL_PROVIDER|_KEYRING_")


def child_environment(
    *groups: Group, given: Mapping[str, str] | None = None, **added: str
) -> dict[str, str]:
    """The variables of these groups as far as they are set, and `added` ones over them.

    `given` is where they are looked up: this process's own environment unless told otherwise.
    """
    known = os.environ if given is None else given
    patterns = [_compiled(group) for group in groups]
    kept = {
        name: value
        for name, value in known.items()
        if any(pattern.fullmatch(name) for pattern in patterns) and not NEVER.search(name)
    }
    return {**kept, **added}


def _compiled(group: Group) -> re.Pattern[str]:
    return re.compile("|".join(ALLOWED[group]))
