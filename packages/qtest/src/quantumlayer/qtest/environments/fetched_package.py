"""Packages of npm that are tools of ours, fetched once: projects need not bring them."""

import shutil
from pathlib import Path

from quantumlayer.qtest.environments.access import node_access
from quantumlayer.qtest.environments.access.node import DOWNLOADS
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.javascript import INSTALL
from quantumlayer.qtest.errors import DependencyError, Fault, ToolMissing

# Whoever asks has another way without them: nobody should wait long for that.
QUICKLY = ("--fetch-retries=0", "--fetch-timeout=15000", "--no-package-lock", "--no-save")
_refused: set[tuple[Path, str]] = set()


async def fetched_package(cache: Path, name: str, version: str) -> Path | None:
    """The folder of a package, None where it is not in the cache and cannot be had.

    npm checks what comes against the registry's digest; nothing of the package is run.
    """
    if (cache, name) in _refused or shutil.which("node") is None:
        return None

    async def build(folder: Path) -> None:
        npm, access = await node_access(folder)
        command = [*npm, "install", *INSTALL, *QUICKLY, f"{name}@{version}"]
        status, said = await run_installer(command, folder=folder, access=access)
        shutil.rmtree(folder / DOWNLOADS, ignore_errors=True)
        if status != 0:
            raise DependencyError(f"{name} cannot be had.", fault=Fault.INFRASTRUCTURE,
                                  output=said)  # fmt: skip

    try:
        folder = await build_once(environment_folder(cache, f"{name}-{version}"), build)
    except (DependencyError, ToolMissing):
        _refused.add((cache, name))
        return None
    return folder / "node_modules" / name
