"""What a build step may reach: the registries of the tools that it calls, with no credential.

Steps are code of the project, unlike our own installers: a deployment's tokens are not shown to
them, and a step that installs nothing has no network at all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.delivered.seeds import CARGO_SETTINGS, OURS
from quantumlayer.qtest.environments.access import go_access, python_access, rust_access
from quantumlayer.qtest.environments.access.java import open_maven_access, settings_place
from quantumlayer.qtest.environments.access.node import node_access
from quantumlayer.qtest.environments.access.rust import configuration
from quantumlayer.qtest.environments.installing import PROXY_VARIABLES
from quantumlayer.qtest.environments.rust import SYSROOT
from quantumlayer.qtest.environments.toolchains import ask, shown
from quantumlayer.qtest.environments.uv_installation import uv_program, uv_version
from quantumlayer.qtest.registries.endpoints import Endpoint, Registries
from quantumlayer.qtest.registries.model import Access

PYTHON = re.compile(r"\b(?:pip3?|uv|uvx|poetry|pipenv|pdm|hatch)\b")
NODE = re.compile(r"\b(?:npm|npx|pnpm|yarn|corepack)\b")
GO = re.compile(r"\bgo\s+(?:build|install|get|mod|run|test|vet|generate|list)\b")
MAVEN = re.compile(r"(?:\b|/)mvnw?\b")
RUST = re.compile(
    r"\bcargo\s+(?:\+\S+\s+)?(?:b|build|install|fetch|r|run|t|test|c|check|clippy|vendor|chef|update"
    r"|metadata|auditable|leptos)\b"
)
SYSTEM = re.compile(
    r"\b(?P<tool>apt-get|apt|apk|dnf|yum|microdnf|zypper)\s+(?:-\S+\s+)*(?:update|install|add)\b"
)
SECRET = re.compile(r"(?i)password|username|_auth|token|secret|://[^/\s]+@")
MAVEN_SETTINGS = OURS / "maven-settings.xml"
KEPT = re.compile(
    r"(?i:npm_config_(?:@[^:]+:)?(?:registry|strict_ssl|cafile|fetch_\w+))"
    r"|MAVEN_ARGS|CARGO_(?:HTTP|NET|REGISTRY|REGISTRIES|SOURCE)_\w+"
    r"|GO(?:PROXY|SUMDB|NOSUMDB|NOPROXY|VCS|TELEMETRY|TOOLCHAIN)|UV_(?:DEFAULT_INDEX|INDEX_URL)"
)


@dataclass(frozen=True)
class BuildAccess:
    """Registries, and the variables and files by which tools find them. None: no network."""

    registries: Registries | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[PurePosixPath, str] = field(default_factory=dict)


async def access_for(step: str, folder: Path, cache: Path) -> BuildAccess:
    """What the words of a step need. Raises DependencyError and ToolMissing."""
    found: list[Access] = []
    files: dict[PurePosixPath, str] = {}
    if PYTHON.search(step):
        found.append(await python_access(uv_program(), uv_version(), cache))
    if NODE.search(step):
        found.append((await node_access(folder))[1])
    if GO.search(step):
        found.append(await go_access())
    if RUST.search(step):
        found.append(await access_of_cargo(cache))
        files[CARGO_SETTINGS] = configuration()
    if MAVEN.search(step):
        registries, settings = open_maven_access()
        # Maven 3.9 and later read the variable, earlier ones the file of their installation.
        found.append(Access(registries, {"MAVEN_ARGS": f"--global-settings {MAVEN_SETTINGS}"}))
        files |= dict.fromkeys((MAVEN_SETTINGS, PurePosixPath(settings_place())), settings)
    if not found:
        return BuildAccess()
    return BuildAccess(
        Registries(frozenset[Endpoint]().union(*(one.registries.named for one in found)),
                   frozenset[Endpoint]().union(*(one.registries.known for one in found))),
        variables_of(found),
        files,
    )  # fmt: skip


async def access_of_cargo(cache: Path) -> Access:
    root, mounts = shown(Path(ask("rustc", "--print", "sysroot")), SYSROOT)
    return await rust_access(str(root / "bin/cargo"), ask("cargo", "--version"), mounts, cache)


def variables_of(found: Sequence[Access]) -> dict[str, str]:
    """By which tools find registries and trust them; no credential is among them."""
    variables = {
        name: value for one in found for name, value in one.variables.items()
        if KEPT.fullmatch(name) and not SECRET.search(f"{name}={value}")
    }  # fmt: skip
    trusted = child_environment(Group.TRUST)
    index = variables.get("UV_DEFAULT_INDEX") or variables.get("UV_INDEX_URL")
    of_pip = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        **({"PIP_INDEX_URL": index} if index else {}),
        **({"PIP_CERT": trusted["SSL_CERT_FILE"]} if "SSL_CERT_FILE" in trusted else {}),
    }
    return {**trusted, **variables, **of_pip, **PROXY_VARIABLES}
