"""Rust: the toolchain, and the crates that Cargo.lock names."""

import asyncio
import hashlib
import re
import shutil
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import CargoRoot, FilesOnDisk, cargo_roots, check_rust
from quantumlayer.qtest.environments.access import rust_access
from quantumlayer.qtest.environments.access.rust import write_configuration
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.native import GUARD, HEADERS, guard_folder
from quantumlayer.qtest.environments.toolchains import ask, present, require, shown
from quantumlayer.qtest.environments.unobtainable import LONGEST_REASON, Wanted, not_to_be_had
from quantumlayer.qtest.errors import DependencyError
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.untrusted import text_of

RECIPE = "2"
SYSROOT = PurePosixPath("/opt/rust")
CRATES = PurePosixPath("/opt/crates")
NAMED = re.compile(
    r"no matching package (?:named|found)[^`]*`(?P<found>[\w-]+)`"
    r'|requirement `(?P<needed>[\w-]+) = "(?P<version>[^"]*)"'
)


async def rust_environment(project: Path, cache: Path) -> Environment:
    """rustc and cargo of this machine, a C linker, and the crates, downloaded unless cached.

    Raises ToolMissing, DependencyError and NotUnderstood.
    """
    require("cargo", "Rust tests")
    require("gcc", "the linking of Rust tests")
    # Asked for the project's own `rust-toolchain` file would be its choice; this machine's is ours.
    sysroot, mounts = shown(Path(ask("rustc", "--print", "sysroot")), SYSROOT)
    guard = await guard_folder(cache)
    cargo = str(sysroot / "bin" / "cargo")
    crates = await crates_of(project, cache, cargo, mounts)
    mounts = (*mounts, *present(*HEADERS), Mount(source=guard, target=GUARD))
    if crates is not None:
        mounts = (*mounts, Mount(source=crates, target=CRATES))
    return Environment(
        language=Language.RUST,
        key=hashlib.sha256(ask("rustc", "--version", "--verbose").encode()).hexdigest(),
        folder=crates,
        mounts=mounts,
        executable=sysroot / "bin" / "cargo",
        variables=(
            ("CARGO_HOME", "/tmp/cargo"),  # noqa: S108 - inside the sandbox
            ("CARGO_NET_OFFLINE", "true"),
            ("CARGO_TARGET_DIR", "/tmp/target"),  # noqa: S108 - as above
            ("CARGO_TERM_COLOR", "never"),
            ("CARGO_INCREMENTAL", "0"),
            # All that a panic or a backtrace tells; variables are for debuggers.
            ("CARGO_PROFILE_DEV_DEBUG", "line-tables-only"),
            ("RUST_BACKTRACE", "0"),
        ),
    )


async def crates_of(
    project: Path, cache: Path, cargo: str, mounts: tuple[Mount, ...]
) -> Path | None:
    """The registry's part of a cargo home, and the locks; None when nothing comes from a registry.

    `cargo fetch` sees manifests and locks, with empty sources beside them, and runs no code. Raises
    DependencyError.
    """
    version = ask("rustc", "--version", "--verbose")
    roots = [one for one in await asyncio.to_thread(understood, project, version) if one.fetches]
    if not roots:
        return None
    manifests, sources = await asyncio.to_thread(manifests_and_sources, project)
    locks = {root.folder: text_of(project / root.folder / "Cargo.lock") or "" for root in roots}
    parts = ["crates", RECIPE, version, *locks, *locks.values(), *manifests, *manifests.values()]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()

    async def download(folder: Path) -> None:
        scratch = folder / "scratch"
        for path, text in manifests.items():
            place = (scratch / path).parent
            (place / "src").mkdir(parents=True, exist_ok=True)
            (place / "Cargo.toml").write_text(text)
            for name in ("lib.rs", "main.rs"):
                (place / "src" / name).write_text("")
        for source in sources:
            stub = scratch / source
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.write_text("")
        home = folder / "home"
        write_configuration(home)
        access = await rust_access(cargo, ask("cargo", "--version"), mounts, cache)
        for root in roots:
            lock = scratch / root.folder / "Cargo.lock"
            if locks[root.folder]:
                lock.write_text(locks[root.folder])
            status, said = await run_installer(
                # What other systems need is large, and nobody builds for them here.
                [cargo, "fetch", "--target", host_of(version)],
                folder=folder,
                within=scratch / root.folder,
                environment={"CARGO_HOME": str(home)},
                access=access,
            )
            if status != 0:
                raise explained(said, root)
            kept = folder / "locks" / root.folder / "Cargo.lock"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text_of(lock) or "")
        shutil.rmtree(scratch)

    return await build_once(environment_folder(cache, key), download)


def understood(project: Path, version: str) -> tuple[CargoRoot, ...]:
    """Where tests are run from, each for this version of Rust. Raises NotUnderstood."""
    files = FilesOnDisk(project)
    roots = cargo_roots(files)
    for root in roots:
        check_rust(files, root, version)
    return roots


def host_of(version: str) -> str:
    """The system that rustc compiles for, as it says itself."""
    return next(line.removeprefix("host: ") for line in version.splitlines() if "host: " in line)


def manifests_and_sources(project: Path) -> tuple[dict[str, str], list[str]]:
    """The text of each Cargo.toml by its path, and the paths of the sources."""
    manifests = {
        str(path.relative_to(project)): text
        for path in sorted(project.rglob("Cargo.toml"))
        if not {"target", "vendor"} & set(path.parts) and (text := text_of(path)) is not None
    }
    return manifests, sorted(str(path.relative_to(project)) for path in project.rglob("*.rs"))


def explained(said: str, root: CargoRoot) -> DependencyError:
    """Cargo's complaint, with the place that asks for what cannot be had.

    Whether a crate is gone, private or was never there, nobody can tell from here.
    """
    reason = " ".join(said.split())[-LONGEST_REASON:]
    named = NAMED.search(said)
    name = (named["found"] or named["needed"]) if named else ""
    version = (named["version"] or "") if named else ""
    found = ((one.path, one.line_of(name)) for one in root.members if name)
    path, line = next((each for each in found if each[1]), (root.manifest.path, None))
    wanted = Wanted(path, line, name, version)
    return not_to_be_had(reason, said, answered=named is not None, wanted=wanted)
