"""JavaScript environments: node_modules from the registry, without install scripts, cached."""

import asyncio
import hashlib
import json
import platform
import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.qtest.environments.access import node_access
from quantumlayer.qtest.environments.access.node import DOWNLOADS
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import WORKSPACE, Mount
from quantumlayer.qtest.sandbox.host import node_executable
from quantumlayer.qtest.untrusted import text_of

# Node looks for packages in node_modules of every folder above a file, so beside the workspace is
# as good as inside, and the copy of the project stays free of mounts.
TARGET = WORKSPACE.parent / "node_modules"
LONGEST_REASON = 500
RECIPE = "1"
DEPENDENCY_FIELDS = ("dependencies", "devDependencies", "optionalDependencies")
KEPT_FIELDS = (*DEPENDENCY_FIELDS, "peerDependencies", "overrides")
REGISTRY_RANGE = re.compile(r"^(?:npm:(?:@[\w.-]+/)?[\w.-]+@?)?[\w.\s|<>=~^*+-]*$")
LARGEST_FILE = 16 * 1024 * 1024
INSTALL = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
)

NOT_OURS = re.compile(
    r"\b(E404|ETARGET|EINTEGRITY|EUSAGE|ERESOLVE|EJSONPARSE|EINVALIDPACKAGENAME|EBADENGINE"
    r"|EINVALIDTAGNAME|EUNSUPPORTEDPROTOCOL)\b"
)


async def javascript_environment(project: Path, cache: Path) -> Environment:
    """Node, and the packages that package.json asks for, installed unless cached.

    Raises ToolMissing without Node (or npm, when packages are needed) and DependencyError.
    """
    executable, mounts = node_executable()
    manifest = read_object(project / "package.json")
    if not any(manifest.get(field) for field in DEPENDENCY_FIELDS):
        return Environment(
            language=Language.JAVASCRIPT,
            key="none",
            folder=None,
            mounts=tuple(mounts),
            executable=executable,
        )
    refuse_foreign(manifest)
    lock = without_addresses(read_object(project / "package-lock.json"))
    wanted = {"private": True, "name": "project", "version": "0.0.0"}
    wanted |= {field: manifest[field] for field in KEPT_FIELDS if manifest.get(field)}
    files = {"package.json": json.dumps(wanted), "package-lock.json": json.dumps(lock)}
    key = environment_key(files)

    async def build(folder: Path) -> None:
        await install(files, folder, locked=bool(lock))

    folder = await build_once(environment_folder(cache, key), build)
    return Environment(
        language=Language.JAVASCRIPT,
        key=key,
        folder=folder,
        mounts=(*mounts, Mount(source=folder / "node_modules", target=PurePosixPath(TARGET))),
        executable=executable,
    )


async def typescript_environment(project: Path, cache: Path) -> Environment:
    """The same for a project whose tests are written in TypeScript."""
    found = await javascript_environment(project, cache)
    return found.model_copy(update={"language": Language.TYPESCRIPT})


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object from a file; empty when there is no such file."""
    if path.is_symlink() or not path.is_file():
        return {}
    text = text_of(path, largest=LARGEST_FILE)
    if text is None:
        raise refused(f"{path.name} is larger than {LARGEST_FILE} bytes")
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise refused(f"{path.name} is not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise refused(f"{path.name} does not hold an object")
    return content


def refuse_foreign(manifest: Mapping[str, Any]) -> None:
    """Allow the registry's packages only: no folders, addresses or repositories."""
    for field in DEPENDENCY_FIELDS:
        entries = manifest.get(field) or {}
        if not isinstance(entries, dict):
            raise refused(f"`{field}` is not an object")
        for name, wanted in entries.items():
            if not isinstance(wanted, str) or not REGISTRY_RANGE.match(wanted):
                raise refused(f"`{name}`: `{wanted}` is not a version in the registry")


def without_addresses(lock: dict[str, Any]) -> dict[str, Any]:
    """The lock with hashes but without download addresses: those are for the platform to choose."""
    packages = lock.get("packages")
    if not isinstance(packages, dict):
        return {}
    if any(isinstance(entry, dict) and entry.get("link") for entry in packages.values()):
        raise refused("package-lock.json links to a folder")
    cleaned = {
        path: {name: value for name, value in entry.items() if name != "resolved"}
        for path, entry in packages.items()
        if isinstance(entry, dict)
    }
    return {
        "lockfileVersion": lock.get("lockfileVersion", 3),
        "requires": True,
        "packages": cleaned,
    }


def environment_key(files: Mapping[str, str]) -> str:
    parts = [RECIPE, node_version(), platform.machine(), *files.values()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def node_version() -> str:
    return ask("node", "--version")


async def install(files: Mapping[str, str], folder: Path, *, locked: bool) -> None:
    npm, access = await node_access(folder)
    for name, content in files.items():
        if name != "package-lock.json" or locked:
            (folder / name).write_text(content)
    action = ["ci"] if locked else ["install", "--no-package-lock"]
    status, output = await run_installer([*npm, *action, *INSTALL], folder=folder, access=access)
    if status != 0:
        raise explained(output)
    await asyncio.to_thread(shutil.rmtree, folder / DOWNLOADS, ignore_errors=True)
    (folder / "node_modules").mkdir(exist_ok=True)


def explained(output: str) -> DependencyError:
    """npm's complaint, with the question answered whose fault it is."""
    asked_for_too_much = NOT_OURS.search(output) is not None
    fault = Fault.PROJECT if asked_for_too_much else Fault.INFRASTRUCTURE
    beginning = "The packages" if asked_for_too_much else "Nothing was tested: packages"
    lines = [re.sub(r"^npm (?:error|ERR!) ", "", line) for line in output.splitlines()]
    reason = ": ".join(line for line in lines if line.strip())[:LONGEST_REASON]
    return DependencyError(f"{beginning} cannot be installed: {reason}", fault=fault, output=output)


def refused(reason: str) -> DependencyError:
    return DependencyError(f"The project's packages were refused: {reason}.", fault=Fault.PROJECT)
