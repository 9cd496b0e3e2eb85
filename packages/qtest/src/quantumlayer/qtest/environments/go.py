"""Go: the toolchain, a compiled standard library for all to read, and the module's dependencies.

The cache holds what we compiled from the toolchain's own sources, together with a `testing` package
that reports to us, and nothing of any project: each run links its entries into a private cache that
is thrown away, so nothing that is checked can leave anything behind for the next.
"""

import asyncio
import hashlib
import re
import shutil
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import FilesOnDisk, GoRoot, check_toolchain, go_roots
from quantumlayer.qtest.environments.access import go_access
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.go_library import (
    GOROOT,
    LIBRARY,
    RECIPE,
    SETTINGS,
    compile_library,
    library_key,
)
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.native import HEADERS
from quantumlayer.qtest.environments.toolchains import ask, present, require, shown
from quantumlayer.qtest.environments.unobtainable import LONGEST_REASON, Wanted, not_to_be_had
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.untrusted import text_of

MODULES = PurePosixPath("/opt/go-modules")
MALFORMED = "errors parsing go.mod"
ANSWERED = re.compile(r"\b(?:403|404|410)\b|unknown revision|not found|checksum mismatch")


async def go_environment(project: Path, cache: Path) -> Environment:
    """Go, its compiled library, and the modules that go.mod asks for.

    Raises ToolMissing, DependencyError and NotUnderstood.
    """
    require("go", "Go tests")
    version, root = ask("go", "env", "GOVERSION"), Path(ask("go", "env", "GOROOT"))
    goroot, mounts = shown(root, GOROOT)
    library = await build_once(
        environment_folder(cache, library_key(version, root)),
        lambda folder: compile_library(folder, root, goroot),
    )
    modules = await modules_of(project, cache)
    mounts = (*mounts, *present(*HEADERS), Mount(source=library, target=LIBRARY))
    if modules is not None:
        mounts = (*mounts, Mount(source=modules, target=MODULES))
    return Environment(
        language=Language.GO,
        key=library.name,
        folder=library,
        mounts=mounts,
        executable=goroot / "bin" / "go",
        variables=(("GOROOT", str(goroot)), *SETTINGS, ("GOMODCACHE", str(MODULES))),
    )


async def modules_of(project: Path, cache: Path) -> Path | None:
    """The module cache with what the tested modules require; None when nothing is, or all vendored.

    Only go.mod, go.sum and go.work files are shown to `go mod download`, which runs no code. Raises
    DependencyError.
    """
    version = ask("go", "env", "GOVERSION")
    roots = await asyncio.to_thread(understood, project, version)
    wanted = [root for root in roots if root.required and not is_vendored(project, root)]
    if not wanted:
        return None
    files = await asyncio.to_thread(module_files, project)
    folders = [root.folder for root in wanted]
    parts = ["go modules", RECIPE, version, *folders, *files, *files.values()]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()

    async def download(folder: Path) -> None:
        scratch = folder / "scratch"
        for path, text in files.items():
            (scratch / path).parent.mkdir(parents=True, exist_ok=True)
            (scratch / path).write_text(text)
        goroot, mounts = shown(Path(ask("go", "env", "GOROOT")), GOROOT)
        environment = {
            "GOROOT": str(goroot),
            "GOMODCACHE": str(folder / "modules"),
            "GOCACHE": str(folder / "unused"),
        }
        access = await go_access()
        for root in wanted:
            status, said = await run_installer(
                [str(goroot / "bin" / "go"), "mod", "download"],
                folder=folder,
                within=scratch / root.folder,
                environment={**environment, **({} if root.workspace else {"GOWORK": "off"})},
                reads=mounts,
                access=access,
            )
            if status != 0:
                raise explained(said, root)
        shutil.rmtree(scratch)
        (folder / "modules").mkdir(exist_ok=True)

    return await build_once(environment_folder(cache, key), download) / "modules"


def understood(project: Path, version: str) -> tuple[GoRoot, ...]:
    """Where tests are run from, each for this version of Go. Raises NotUnderstood."""
    files = FilesOnDisk(project)
    roots = go_roots(files)
    for root in roots:
        check_toolchain(files, root, version)
    return roots


def is_vendored(project: Path, root: GoRoot) -> bool:
    return (project / root.folder / "vendor" / "modules.txt").is_file()


def module_files(project: Path) -> dict[str, str]:
    """The files that say what is required, by their paths in the project."""
    return {
        str(path.relative_to(project)): text
        for name in ("go.mod", "go.sum", "go.work", "go.work.sum")
        for path in sorted(project.rglob(name))
        if "vendor" not in path.parts and (text := text_of(path)) is not None
    }


def explained(said: str, root: GoRoot) -> DependencyError:
    """Go's complaint, with the place that asks for what cannot be had.

    Whether a module is private, gone, or was never there, nobody can tell from here.
    """
    reason = " ".join(said.split())[:LONGEST_REASON]
    named = [name for name in root.required if re.search(rf"{re.escape(name)}[@:/ ]", said)]
    name = max(named, key=len, default="")
    path, line = root.required[name] if name else (root.manifests[0], None)
    found = re.search(rf"{re.escape(name)}@(?P<version>v[^\s:]+)", said) if name else None
    wanted = Wanted(path, line, name, found["version"] if found else "")
    if MALFORMED in said:
        message = f"{wanted.place}: Go refuses it: {reason}"
        return DependencyError(message, fault=Fault.PROJECT, output=said)
    answered = ANSWERED.search(said) is not None
    return not_to_be_had(reason, said, answered=answered, wanted=wanted)
