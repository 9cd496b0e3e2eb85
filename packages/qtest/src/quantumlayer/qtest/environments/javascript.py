"""JavaScript environments: node_modules from the registry, without install scripts, cached."""

import asyncio
import hashlib
import json
import platform
import posixpath
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import Ecosystem, FilesOnDisk, NotUnderstood
from quantumlayer.manifests.javascript import (
    Engine,
    Installation,
    Malformed,
    read_installation,
)
from quantumlayer.qtest.environments.access import node_access
from quantumlayer.qtest.environments.access.node import DOWNLOADS
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.environments.unobtainable import (
    LONGEST_REASON,
    asked_for,
    not_to_be_had,
)
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import WORKSPACE, Mount
from quantumlayer.qtest.sandbox.host import node_executable

# Node looks for packages in node_modules of every folder above a file, so beside the workspace is
# as good as inside, and the copy of the project stays free of mounts.
TARGET = WORKSPACE.parent / "node_modules"
# Packages that only one member of a workspace has, in its version: found from there as from here.
MEMBERS = WORKSPACE.parent / "members"
# Where Vite writes a configuration that it has made plain, and ends if it cannot.
WRITTEN_BESIDE = ".vite-temp"
RECIPE = "3"
INSTALL = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
)

# What shows from the project's own manifest: no registry has a say in it.
MALFORMED = re.compile(
    r"\b(?:EJSONPARSE|EINVALIDPACKAGENAME|EINVALIDTAGNAME|EUNSUPPORTEDPROTOCOL)\b"
)
ANSWERED = re.compile(r"\b(?:E404|ETARGET|EINTEGRITY|ERESOLVE|EBADENGINE)\b")


async def javascript_environment(project: Path, cache: Path) -> Environment:
    """Node, and the packages that package.json asks for, installed unless cached.

    Raises ToolMissing without Node (or npm, when packages are needed) and DependencyError.
    """
    executable, mounts = node_executable()
    wanted = installation_of(project)
    refuse_newer(wanted.engines)
    if not wanted.fetches and not wanted.links:
        return Environment(
            language=Language.JAVASCRIPT,
            key="none",
            folder=None,
            mounts=tuple(mounts),
            executable=executable,
        )
    files = {
        posixpath.normpath(f"{folder}/package.json"): json.dumps(manifest)
        for folder, manifest in wanted.manifests.items()
    }
    files["package-lock.json"] = json.dumps(wanted.lock)
    links = {link.name: link.folder for link in wanted.links}
    key = environment_key({**files, "links": json.dumps(links)})

    async def build(folder: Path) -> None:
        if wanted.fetches:
            await install(files, folder, project, locked=bool(wanted.lock))
        link_packages(folder, links, wanted.manifests)
        give_room(folder, wanted.manifests)

    folder = await build_once(environment_folder(cache, key), build)
    apart = [member for member in wanted.manifests if member != "." and has_own(folder / member)]
    return Environment(
        language=Language.JAVASCRIPT,
        key=key,
        folder=folder,
        mounts=(
            *mounts,
            Mount(source=folder / "node_modules", target=PurePosixPath(TARGET)),
            *(
                Mount(source=folder / member / "node_modules", target=own_packages(member))
                for member in apart
            ),
        ),
        executable=executable,
        links=tuple((f"{member}/node_modules", str(own_packages(member))) for member in apart),
        notes=wanted.notes,
    )


def installation_of(project: Path) -> Installation:
    """What the project's manifests ask for. Raises DependencyError and NotUnderstood."""
    try:
        return read_installation(FilesOnDisk(project))
    except Malformed as error:
        raise refused(str(error)) from error


def refuse_newer(engines: Iterable[Engine]) -> None:
    """Refuse what asks for a newer Node than this machine has."""
    found = node_version()
    here = tuple(int(part) for part in re.findall(r"\d+", found))
    for engine in engines:
        if here and engine.least > here[: len(engine.least)]:
            reason = f"`engines` ask for Node {engine.wanted}, and this machine has {found}"
            raise NotUnderstood(reason, path=engine.path, line=engine.line)


def link_packages(folder: Path, links: Mapping[str, str], manifests: Iterable[str]) -> None:
    """Lead the project's own packages to where the sandbox has them."""
    inside = {(folder / member).resolve(): member for member in manifests if member != "."}
    places = [folder / "node_modules", *(folder / each / "node_modules" for each in manifests)]
    for place in places:
        for entry in (*place.glob("*"), *place.glob("@*/*")):
            member = inside.get(entry.resolve()) if entry.is_symlink() else None
            if member is not None:
                replaced(entry, member)
    for name, member in links.items():
        replaced(folder / "node_modules" / name, member)


def replaced(link: Path, member: str) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink():
        link.unlink()
    if not link.exists():
        link.symlink_to(WORKSPACE / member)


def give_room(folder: Path, manifests: Iterable[str]) -> None:
    """Lead what tools write among the packages, which are read-only, to where they may."""
    for member in (".", *manifests):
        link = folder / member / "node_modules" / WRITTEN_BESIDE
        if has_own(folder / member) and not link.is_symlink():
            link.symlink_to(WORKSPACE.parent)


def has_own(member: Path) -> bool:
    modules = member / "node_modules"
    return modules.is_dir() and any(modules.iterdir())


def own_packages(member: str) -> PurePosixPath:
    return PurePosixPath(MEMBERS / member / "node_modules")


async def typescript_environment(project: Path, cache: Path) -> Environment:
    """The same for a project whose tests are written in TypeScript."""
    found = await javascript_environment(project, cache)
    return found.model_copy(update={"language": Language.TYPESCRIPT})


def environment_key(files: Mapping[str, str]) -> str:
    parts = [RECIPE, node_version(), platform.machine(), *files.values()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def node_version() -> str:
    return ask("node", "--version")


async def install(files: Mapping[str, str], folder: Path, project: Path, *, locked: bool) -> None:
    npm, access = await node_access(folder)
    for name, content in files.items():
        if name != "package-lock.json" or locked:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
    action = ["install"] if locked else ["install", "--no-package-lock"]
    status, output = await run_installer([*npm, *action, *INSTALL], folder=folder, access=access)
    if status != 0:
        raise await asyncio.to_thread(explained, output, project)
    await asyncio.to_thread(shutil.rmtree, folder / DOWNLOADS, ignore_errors=True)
    (folder / "node_modules").mkdir(exist_ok=True)


def explained(output: str, project: Path) -> DependencyError:
    """npm's complaint, with the question answered whose fault it is."""
    lines = [re.sub(r"^npm (?:error|ERR!) ", "", line) for line in output.splitlines()]
    told = [line for line in lines if line.strip() and "complete log of this run" not in line]
    reason = ": ".join(told)[:LONGEST_REASON]
    if MALFORMED.search(output):
        return refused(reason, output)
    answered = ANSWERED.search(output) is not None
    wanted = asked_for(output, project, Ecosystem.NPM)
    return not_to_be_had(reason, output, answered=answered, wanted=wanted)


def refused(reason: str, said: str = "") -> DependencyError:
    message = f"The project's packages were refused: {reason}."
    return DependencyError(message, fault=Fault.PROJECT, output=said)
