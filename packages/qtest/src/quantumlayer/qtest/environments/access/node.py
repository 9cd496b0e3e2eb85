"""Where npm gets packages from, as npm itself says; and npm as a sandbox finds it."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.environments.access.learning import named_hosts
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.registries.endpoints import Registries, endpoints_of
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import covered, node_executable, same_place

DOWNLOADS = ".downloads"
KEPT = ("registry", "strict-ssl", "cafile", "fetch-retries", "fetch-timeout")


async def node_access(folder: Path) -> tuple[list[str], Access]:
    """npm's first words, and its access, for an installation in `folder`. Raises ToolMissing."""
    words, mounts = npm_program()
    settings = settings_of_npm()
    registries = [str(value) for name, value in settings.items() if name.endswith("registry")]
    variables = {
        **child_environment(Group.NPM_REGISTRY),
        **{variable(name): text(value) for name, value in settings.items() if wanted(name, value)},
        "NO_COLOR": "1",
        "npm_config_cache": str(folder / DOWNLOADS),
        # Neither is there: what counts stands here.
        "npm_config_userconfig": "/nowhere/user",
        "npm_config_globalconfig": "/nowhere/global",
        "npm_config_ignore_scripts": "true",
        "npm_config_git": "/bin/false",
        "npm_config_update_notifier": "false",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
    }
    named = endpoints_of(registries) | named_hosts()
    return words, Access(Registries(named), variables, (*mounts, *certificates(settings)))


def npm_program() -> tuple[list[str], tuple[Mount, ...]]:
    """How a sandbox starts npm: by Node, with npm's own folder in sight. Raises ToolMissing."""
    found = shutil.which("npm")
    if found is None:
        raise ToolMissing("npm is not installed, and this project has dependencies. Install npm.")
    node, mounts = node_executable()
    script = Path(found).resolve()
    package = script.parent.parent
    extra = () if covered(package) else (same_place(package),)
    return [str(node), str(script)], (*mounts, *extra)


def settings_of_npm() -> dict[str, Any]:
    """npm's settings on this machine, asked far from any project."""
    answer = json.loads(ask("npm", "config", "list", "--json"))
    return answer if isinstance(answer, dict) else {}


def certificates(settings: Mapping[str, Any]) -> list[Mount]:
    """The file of certificates that npm is told to trust."""
    file = settings.get("cafile")
    return [same_place(Path(file))] if isinstance(file, str) and Path(file).is_file() else []


def wanted(name: str, value: object) -> bool:
    return value is not None and (name in KEPT or name.endswith(":registry"))


def variable(name: str) -> str:
    return f"npm_config_{name if name.startswith('@') else name.replace('-', '_')}"


def text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
