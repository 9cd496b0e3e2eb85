"""Where cargo gets crates from: its own default, or what this machine's cargo home says."""

import os
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.environments.access.learning import named_hosts, with_defaults
from quantumlayer.qtest.environments.toml_text import toml_text
from quantumlayer.qtest.registries.endpoints import Registries, endpoints_of
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.untrusted import text_of

PACKAGE = 'cfg-if = "1"'
# Sections of a cargo configuration that say where crates are, and how to get there.
KEPT = ("source", "registries", "registry", "http", "net")


async def rust_access(cargo: str, version: str, mounts: tuple[Mount, ...], cache: Path) -> Access:
    """For the cargo that a sandbox finds at `cargo`, with `mounts`. Raises DependencyError."""
    variables = {**child_environment(Group.RUST_REGISTRY), "CARGO_TERM_COLOR": "never"}
    variables["RUSTC"] = str(PurePosixPath(cargo).with_name("rustc"))
    words = [*variables.values(), *urls_in(own_configuration())]
    access = Access(Registries(endpoints_of(words) | named_hosts()), variables, mounts)

    async def question(folder: Path) -> tuple[list[str], dict[str, str], tuple[Mount, ...]]:
        (folder / "src").mkdir()
        (folder / "src" / "lib.rs").write_text("")
        (folder / "Cargo.toml").write_text(
            '[package]\nname = "question"\nversion = "0.0.0"\nedition = "2021"\n\n'
            f"[dependencies]\n{PACKAGE}\n"
        )
        home = folder / "home"
        write_configuration(home)
        return [cargo, "fetch"], {"CARGO_HOME": str(home)}, ()

    return await with_defaults(access, "cargo", version, cache, question)


def write_configuration(home: Path) -> None:
    """A cargo home that sees this machine's registries and nothing else of its settings."""
    home.mkdir()
    (home / "config.toml").write_text(configuration())


def configuration() -> str:
    """This machine's registries as a cargo configuration, and nothing else of its settings."""
    own = own_configuration()
    kept = {name: own[name] for name in KEPT if isinstance(own.get(name), dict)}
    return toml_text(without_secrets(kept))


def own_configuration() -> dict[str, Any]:
    """The configuration in the cargo home of the user who runs us; never one of a project."""
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    for name in ("config.toml", "config"):
        text = text_of(home / name)
        if text is not None:
            try:
                return tomllib.loads(text)
            except tomllib.TOMLDecodeError:
                return {}
    return {}


def without_secrets(table: dict[str, Any]) -> dict[str, Any]:
    """A table of settings; credentials and what would be run stay away."""
    return {
        name: without_secrets(value) if isinstance(value, dict) else value
        for name, value in table.items()
        if isinstance(value, dict | str | int)
        and name not in ("token", "credential-provider", "proxy")
    }


def urls_in(table: dict[str, Any]) -> list[str]:
    """Every string below these tables: those that are addresses count."""
    found = []
    for value in table.values():
        if isinstance(value, dict):
            found += urls_in(value)
        elif isinstance(value, str):
            found.append(value)
    return found
