"""Rust: the toolchain, and the crates that Cargo.lock names."""

import asyncio
import hashlib
import re
import shutil
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments.access import rust_access
from quantumlayer.qtest.environments.access.rust import write_configuration
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.native import GUARD, HEADERS, guard_folder
from quantumlayer.qtest.environments.toolchains import ask, present, require, shown
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.untrusted import text_of

RECIPE = "1"
SYSROOT = PurePosixPath("/opt/rust")
CRATES = PurePosixPath("/opt/crates")
FROM_REGISTRY = re.compile(r'^source = "(registry|sparse)\+', re.MULTILINE)
REQUIRES = re.compile(
    r"^\[(?:workspace\.|target\.[^\]]+\.)?(?:dev-|build-)?dependencies[\].]", re.MULTILINE
)
UNOBTAINABLE = re.compile(
    r"no matching package|failed to select a version|failed to parse|lock file .* needs to be"
    r"|checksum .* changed|is not a valid|invalid .* manifest"
)
LONGEST_REASON = 500


async def rust_environment(project: Path, cache: Path) -> Environment:
    """rustc and cargo of this machine, a C linker, and the crates, downloaded unless cached.

    Raises ToolMissing and DependencyError.
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
            ("RUST_BACKTRACE", "0"),
        ),
    )


async def crates_of(
    project: Path, cache: Path, cargo: str, mounts: tuple[Mount, ...]
) -> Path | None:
    """The registry's part of a cargo home; None when nothing comes from a registry.

    `cargo fetch` sees manifests and the lock, with empty sources beside them, and runs no code.
    """
    manifests, sources = await asyncio.to_thread(manifests_and_sources, project)
    locked = text_of(project / "Cargo.lock") or ""
    wanted = FROM_REGISTRY.search(locked) or (
        not locked and any(REQUIRES.search(text) for text in manifests.values())
    )
    if not wanted or (project / "vendor").is_dir():
        return None
    parts = ["crates", RECIPE, locked, *manifests, *manifests.values()]
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
        if locked:
            (scratch / "Cargo.lock").write_text(locked)
        home = folder / "home"
        write_configuration(home)
        version = ask("cargo", "--version")
        status, said = await run_installer(
            [cargo, "fetch", *(["--locked"] if locked else [])],
            folder=folder,
            within=scratch,
            environment={"CARGO_HOME": str(home)},
            access=await rust_access(cargo, version, mounts, cache),
        )
        if status != 0:
            raise explained(said)
        if not locked:
            (folder / "Cargo.lock").write_text(text_of(scratch / "Cargo.lock") or "")
        shutil.rmtree(scratch)

    return await build_once(environment_folder(cache, key), download)


def manifests_and_sources(project: Path) -> tuple[dict[str, str], list[str]]:
    """The text of each Cargo.toml by its path, and the paths of the sources."""
    manifests = {
        str(path.relative_to(project)): text
        for path in sorted(project.rglob("Cargo.toml"))
        if not {"target", "vendor"} & set(path.parts) and (text := text_of(path)) is not None
    }
    return manifests, sorted(str(path.relative_to(project)) for path in project.rglob("*.rs"))


def explained(said: str) -> DependencyError:
    """Cargo's complaint, with the question answered whose fault it is."""
    asked_for_too_much = UNOBTAINABLE.search(said) is not None
    fault = Fault.PROJECT if asked_for_too_much else Fault.INFRASTRUCTURE
    beginning = "The crates" if asked_for_too_much else "Nothing was tested: crates"
    reason = " ".join(said.split())[:LONGEST_REASON]
    return DependencyError(f"{beginning} cannot be downloaded: {reason}", fault=fault, output=said)
