"""Go's standard library, compiled once a machine: each image would compile it again, for minutes.

What a step of a project compiles goes into a folder of its own, in which our entries can be read
and replaced, but not changed.
"""

import hashlib
import os
import shutil
from pathlib import Path

from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import Mount

RECIPE = "1"
# What services are made of; these need most of the rest.
PACKAGES = (
    "net/http", "database/sql", "encoding/csv", "encoding/json", "encoding/xml", "expvar",
    "html/template", "log/slog", "os/signal", "net/http/pprof", "net/http/httptest",
)  # fmt: skip


async def compiled_library(step: str, mount: Mount, cache: Path) -> Path:
    """The cache for a step, which is compiled with or without paths. Raises DependencyError."""
    flags = ["-trimpath"] if "-trimpath" in step else []
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
    """A cache that a step can add to. Entries are shared as long as its user cannot change them."""
    for folder, names, files in os.walk(source):
        place = target / Path(folder).relative_to(source)
        place.mkdir(exist_ok=True)
        for name in files:
            if user is None:
                shutil.copyfile(Path(folder, name), place / name)
            else:
                (place / name).hardlink_to(Path(folder, name))
        if user is not None:
            os.chown(place, user, user)
        names.sort()
