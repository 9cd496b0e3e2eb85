"""TypeScript's own parser, fetched once: projects need not bring it to be read."""

import shutil
from pathlib import Path

from quantumlayer.qtest.environments.access import node_access
from quantumlayer.qtest.environments.access.node import DOWNLOADS
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.javascript import INSTALL
from quantumlayer.qtest.errors import DependencyError, Fault, ToolMissing

VERSION = "5.6.3"
# Without a network the grammar decides: nobody should wait for that.
QUICKLY = ("--fetch-retries=0", "--fetch-timeout=15000", "--no-package-lock", "--no-save")
_refused: set[Path] = set()


async def typescript_folder(cache: Path) -> Path | None:
    """The compiler's package, None where it is not in the cache and cannot be had."""
    if cache in _refused or shutil.which("node") is None:
        return None

    async def build(folder: Path) -> None:
        npm, access = await node_access(folder)
        command = [*npm, "install", *INSTALL, *QUICKLY, f"typescript@{VERSION}"]
        status, said = await run_installer(command, folder=folder, access=access)
        shutil.rmtree(folder / DOWNLOADS, ignore_errors=True)
        if status != 0:
            raise DependencyError("TypeScript cannot be had.", fault=Fault.INFRASTRUCTURE,
                                  output=said)  # fmt: skip

    try:
        folder = await build_once(environment_folder(cache, f"typescript-{VERSION}"), build)
    except (DependencyError, ToolMissing):
        _refused.add(cache)
        return None
    return folder / "node_modules" / "typescript"
