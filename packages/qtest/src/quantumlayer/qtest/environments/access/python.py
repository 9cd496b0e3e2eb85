"""Where uv gets packages from: its settings in the environment and in uv.toml of this machine."""

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.environments.access.learning import named_hosts, with_defaults
from quantumlayer.qtest.registries.endpoints import Registries, endpoints_of
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import base_interpreter, covered, same_place
from quantumlayer.qtest.untrusted import text_of

NAMED = re.compile(r"^[\w.-]+=(?=https?://)")
URLS = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")
PACKAGE = "iniconfig"


async def python_access(program: str, version: str, cache: Path, *, index: str = "") -> Access:
    """For the uv at `program`; with an `index` for that one alone. Raises DependencyError."""
    variables = child_environment(
        Group.PYTHON_REGISTRY, UV_NO_PROGRESS="1", UV_PYTHON_DOWNLOADS="never", NO_COLOR="1",
        UV_NO_CONFIG="1", UV_LINK_MODE="hardlink",
    )  # fmt: skip
    given = " ".join(variables.get(name, "") for name in URLS).replace(",", " ").split()
    words = [NAMED.sub("", word) for word in given]
    reads = []
    configuration = own_configuration()
    variables.pop("UV_CONFIG_FILE", None)
    if configuration is not None:
        words += urls_in(configuration)
        variables["UV_CONFIG_FILE"] = str(configuration)
        del variables["UV_NO_CONFIG"]
        reads.append(same_place(configuration))
    reads += folders_in(words)
    named = endpoints_of(words) | named_hosts()
    access = Access(Registries(named), variables, (*reads, *program_mounts(program)))
    if index:
        return replace(access, registries=Registries(named | endpoints_of([index])))
    if "UV_OFFLINE" in variables or "UV_NO_INDEX" in variables:
        return access

    async def question(folder: Path) -> tuple[list[str], dict[str, str], tuple[Mount, ...]]:
        command = [program, "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--python", str(base_interpreter()), "--target", str(folder / "packages")]
        return [*command, PACKAGE], {"UV_CACHE_DIR": str(folder / "downloads")}, ()

    return await with_defaults(access, "uv", version, cache, question)


def folders_in(words: list[str]) -> list[Mount]:
    """Local places of packages, as far as they are there."""
    return [
        same_place(Path(word)) for word in words if word.startswith("/") and Path(word).exists()
    ]


def program_mounts(program: str) -> tuple[Mount, ...]:
    """The program alone, where the distribution does not have it."""
    path = Path(program)
    return () if covered(path) else (same_place(path),)


def own_configuration() -> Path | None:
    """The uv.toml of this machine or of the user who runs us; never one of a project."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    places = [home / "uv" / "uv.toml", Path("/etc/uv/uv.toml")]
    if os.environ.get("UV_NO_CONFIG"):
        return None
    if os.environ.get("UV_CONFIG_FILE"):
        places = [Path(os.environ["UV_CONFIG_FILE"])]
    return next((place for place in places if place.is_file()), None)


def urls_in(configuration: Path) -> list[str]:
    """Every URL and folder in a uv.toml that says where packages are."""
    try:
        document = tomllib.loads(text_of(configuration.resolve()) or "")
    except tomllib.TOMLDecodeError:
        return []
    return list(words_of([document.get("pip", {}), document]))


def words_of(tables: list[dict[str, Any]]) -> Iterator[str]:
    for table in tables:
        for name in ("index-url", "extra-index-url", "find-links"):
            value = table.get(name, [])
            yield from [value] if isinstance(value, str) else map(str, value)
        for index in table.get("index", []):
            yield str(index.get("url", ""))
