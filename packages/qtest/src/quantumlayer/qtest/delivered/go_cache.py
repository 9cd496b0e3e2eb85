"""Go's standard library, compiled once a machine: each image would compile it again, for minutes.

What a step of a project compiles goes into a folder of its own, in which our entries can be read
and replaced, but not changed.
"""

import hashlib
import os
import re
import shutil
from pathlib import Path

from quantumlayer.qtest.delivered.build_access import GO
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import Mount

RECIPE = "1"
PLAIN, TRIMMED = "", "-trimpath"
BETWEEN_COMMANDS = re.compile(r"&&|\|\||[;|\n]")
# What services are made of; these need most of the rest.
PACKAGES = (
    "net/http", "database/sql", "encoding/csv", "encoding/json", "encoding/xml", "expvar",
    "html/template", "log/slog", "os/signal", "net/http/pprof", "net/http/httptest",
)  # fmt: skip


def varieties(step: str, settings: str = "") -> frozenset[str]:
    """Which compiled libraries the commands of a step can use; `settings` are the image's GOFLAGS.

    Paths are part of what is compiled, so what is built without them shares nothing with the rest.
    """
    if TRIMMED in settings:
        return frozenset({TRIMMED})
    commands = (one for one in BETWEEN_COMMANDS.split(step) if GO.search(one))
    return frozenset(TRIMMED if TRIMMED in one else PLAIN for one in commands)


async def compiled_library(variety: str, mount: Mount, cache: Path) -> Path:
    """The library of one of the `varieties`. Raises DependencyError."""
    flags = [variety] if variety else []
    version = ask("go", "env", "GOVERSION")
    parts = ["go for images", RECIPE, version, str(mount.source), *flags, *PACKAGES]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()

    async def compiled(folder: Path) -> None:
        environment = {
            "GOROOT": str(mount.target), "GOCACHE": str(folder / "cache"), "CGO_ENABLED": "0",
            "GOTOOLCHAIN": "local", "GOENV": "off", "GOTELEMETRY": "off", "GOPROXY": "off",
        }  # fmt: skip
        command = [str(mount.target / "bin" / "go"), "build", *flags, *PACKAGES]
        status, said = await run_installer(
            command, folder=folder, environment=environment, reads=[mount]
        )
        if status != 0:
            raise DependencyError(f"Go's standard library cannot be compiled: {said[-500:]}",
                                  fault=Fault.INFRASTRUCTURE, output=said)  # fmt: skip

    return await build_once(environment_folder(cache, key), compiled) / "cache"


def copy_cache(source: Path, target: Path, user: int | None) -> None:
    """Add to a cache that a step can add to, and that none has seen yet.

    Entries are shared as long as its user cannot change them. The libraries have a few files of the
    same name, which say how to keep a cache: the first will do.
    """
    for folder, names, files in os.walk(source):
        place = target / Path(folder).relative_to(source)
        place.mkdir(exist_ok=True)
        for name in files:
            if (place / name).exists():
                continue
            if user is None:
                shutil.copyfile(Path(folder, name), place / name)
            else:
                (place / name).hardlink_to(Path(folder, name))
        if user is not None:
            os.chown(place, user, user)
        names.sort()
