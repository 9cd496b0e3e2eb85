"""What a build step may reach: the registries of the tools that it calls, with no credential.

Steps are code of the project, unlike our own installers: a deployment's tokens are not shown to
them, and a step that installs nothing has no network at all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.environments.access import go_access, python_access
from quantumlayer.qtest.environments.access.node import node_access
from quantumlayer.qtest.environments.installing import PROXY_VARIABLES
from quantumlayer.qtest.environments.uv_installation import uv_program, uv_version
from quantumlayer.qtest.registries.endpoints import Endpoint, Registries
from quantumlayer.qtest.registries.model import Access

PYTHON = re.compile(r"\b(?:pip3?|uv|uvx|poetry|pipenv|pdm|hatch)\b")
NODE = re.compile(r"\b(?:npm|npx|pnpm|yarn|corepack)\b")
GO = re.compile(r"\bgo\s+(?:build|install|get|mod|run|test|vet|generate|list)\b")
SYSTEM = re.compile(
    r"\b(?P<tool>apt-get|apt|apk|dnf|yum|microdnf|zypper)\s+(?:-\S+\s+)*(?:update|install|add)\b"
)
SECRET = re.compile(r"(?i)password|username|_auth|token|secret|://[^/\s]+@")
KEPT = re.compile(
    r"(?i:npm_config_(?:@[^:]+:)?(?:registry|strict_ssl|cafile|fetch_\w+))"
    r"|GO(?:PROXY|SUMDB|NOSUMDB|NOPROXY|VCS|TELEMETRY|TOOLCHAIN)|UV_(?:DEFAULT_INDEX|INDEX_URL)"
)


@dataclass(frozen=True)
class BuildAccess:
    """Registries, and the variables by which tools find them. None of either: no network."""

    registries: Registries | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


async def access_for(step: str, folder: Path, cache: Path) -> BuildAccess:
    """What the words of a step need. Raises DependencyError and ToolMissing."""
    found: list[Access] = []
    if PYTHON.search(step):
        found.append(await python_access(uv_program(), uv_version(), cache))
    if NODE.search(step):
        found.append((await node_access(folder))[1])
    if GO.search(step):
        found.append(await go_access())
    if not found:
        return BuildAccess()
    named = frozenset[Endpoint]().union(*(one.registries.named for one in found))
    known = frozenset[Endpoint]().union(*(one.registries.known for one in found))
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
    return BuildAccess(
        Registries(named, known),
        {**trusted, **variables, **of_pip, **PROXY_VARIABLES},
    )
