"""How the root of a base image begins: folders, accounts, links to the machine's programs.

Written on the host into an empty folder, before any code of the project is there.
"""

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered.programs import full_programs, named_programs, slim_programs
from quantumlayer.qtest.environments.interpreters import Interpreter

OURS = PurePosixPath("/.quantumlayer")
PROGRAMS = OURS / "programs"
SHIMS = OURS / "shims"
LEDGER = OURS / "ledger"
GO_CACHE = OURS / "go-cache"
# Where something is mounted has to be there; the rest is what every image has.
FOLDERS = (
    "dev", "etc/ssl/certs", "home", "mnt", "opt", "proc", "root", "run", "srv", "sys", "tmp",
    "usr/bin", "usr/lib", "usr/lib32", "usr/lib64", "usr/local/bin", "usr/local/lib",
    "usr/local/sbin", "usr/sbin", "usr/share/nodejs", "usr/share/zoneinfo", "var/cache", "var/lib",
    "var/log", "var/tmp", str(PROGRAMS)[1:], str(SHIMS)[1:], "etc/alternatives",
)  # fmt: skip
MERGED = ("bin", "sbin", "lib", "lib32", "lib64")
ACCOUNTS = """root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
"""
GROUPS = "root:x:0:\ndaemon:x:1:\nbin:x:2:\nmail:x:8:\nwww-data:x:33:\nnogroup:x:65534:\n"
NODE_ACCOUNT = "node:x:1000:1000::/home/node:/bin/bash\n"
DISTROLESS_ACCOUNT = "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n"
FILES_ONLY = "passwd: files\ngroup: files\nhosts: files\n"
# Of a Java runtime without a compiler, and of Ubuntu's Java images beside the essential ones.
OF_RUNTIME = frozenset({"java", "jfr", "jrunscript", "jwebserver", "keytool", "rmiregistry"})
BESIDE_JAVA = ("curl", "wget", "gpg", "locale")
# Cargo looks into the folders above a project, and the root is above all of them.
CARGO_SETTINGS = PurePosixPath("/.cargo/config.toml")
STATIC_RUSTC = OURS / "static-rustc"
# What is loaded while building, such as macros, cannot be linked so; Cargo asks about all at once.
STATIC = """#!/bin/sh
case " $* " in
*" proc-macro "*) ;;
*" --crate-type bin "*) set -- "$@" -C target-feature=+crt-static ;;
esac
exec "$@"
"""
MAVEN = PurePosixPath("/usr/share/maven")
MAVEN_SETTINGS = PurePosixPath("/root") / ".m2"
PIP = """#!/usr/local/bin/python
import sys
from pip._internal.cli.main import main
sys.exit(main())
"""

Seed = Callable[[Path], None]


def empty(root: Path) -> None:
    """No account, no program: only where the kernel's own file systems go."""
    for name in ("dev", "proc", "tmp", "etc"):
        (root / name).mkdir()


def without_programs(root: Path) -> None:
    """An image that has accounts and nothing to run."""
    for name in FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in MERGED:
        (root / name).symlink_to(f"usr/{name}")
    (root / "var/run").symlink_to("/run")
    (root / "etc/passwd").write_text(ACCOUNTS + DISTROLESS_ACCOUNT)
    (root / "etc/group").write_text(f"{GROUPS}nonroot:x:65532:\n")
    (root / "etc/nsswitch.conf").write_text(FILES_ONLY)
    for name in ("etc/hosts", "etc/ld.so.cache", "etc/ssl/openssl.cnf"):
        (root / name).touch()
    (root / "tmp").chmod(0o1777)


def distribution(*, slim: bool) -> Seed:
    """An image of a distribution, with the programs of a slim or of a full one."""

    def seed(root: Path) -> None:
        without_programs(root)
        (root / "etc/passwd").write_text(ACCOUNTS)
        (root / "etc/group").write_text(GROUPS)
        (root / "usr/sbin").mkdir(exist_ok=True)
        link(root, slim_programs() if slim else full_programs())

    return seed


def link(root: Path, programs: Iterable[Path]) -> None:
    """The image's folders of programs can be written to, so they hold links to the machine's."""
    for path in programs:
        place = root / str(path).lstrip("/")
        if not place.is_symlink():
            place.symlink_to(PROGRAMS / str(path).lstrip("/"))


def python(interpreter: Interpreter, version: str, *, slim: bool) -> Seed:
    """Python with pip below /usr/local, where the image has it; packages can be installed there."""

    def seed(root: Path) -> None:
        distribution(slim=slim)(root)
        local = root / "usr/local"
        major, minor = interpreter.version.split(".")[:2]
        library = local / "lib" / f"python{major}.{minor}"
        packages = library / "site-packages"
        packages.mkdir(parents=True)
        asked = f"python{'.'.join(version.split('.')[:2])}"
        if "." in version and asked != library.name:
            (local / "lib" / asked).symlink_to(library.name)
        (local / "pyvenv.cfg").write_text(
            f"home = {interpreter.executable.parent}\n"
            f"include-system-site-packages = false\nversion = {interpreter.version}\n"
        )
        (local / "bin/python").symlink_to(interpreter.executable)
        for name in ("python3", f"python{major}.{minor}", asked):
            if not (local / "bin" / name).is_symlink():
                (local / "bin" / name).symlink_to("python")
        bundled = interpreter.prefix / "lib" / library.name / "ensurepip/_bundled"
        for wheel in sorted(bundled.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(packages)
        for name in ("pip", "pip3", f"pip{major}.{minor}"):
            (local / "bin" / name).write_text(PIP)
            (local / "bin" / name).chmod(0o755)

    return seed


def node(executable: PurePosixPath, npm: Path, *, slim: bool) -> Seed:
    """Node and npm below /usr/local, with the account that the image has."""

    def seed(root: Path) -> None:
        distribution(slim=slim)(root)
        (root / "usr/local/bin/node").symlink_to(executable)
        for name in ("npm", "npx"):
            (root / "usr/local/bin" / name).symlink_to(npm / "bin" / f"{name}-cli.js")
        (root / "usr/local/lib/node_modules").mkdir()
        (root / "home/node").mkdir()
        (root / "etc/passwd").write_text(ACCOUNTS + NODE_ACCOUNT)
        (root / "etc/group").write_text(f"{GROUPS}node:x:1000:\n")

    return seed


def golang(*, slim: bool) -> Seed:
    """Room for Go, which is mounted, and for what it downloads."""

    def seed(root: Path) -> None:
        distribution(slim=slim)(root)
        for name in ("usr/local/go", "go/bin", "go/src"):
            (root / name).mkdir(parents=True)

    return seed


@dataclass(frozen=True)
class Laid:
    """A toolchain of this machine, where the container sees it, and where the image shows it."""

    source: Path
    seen: PurePosixPath
    home: PurePosixPath


def java(kit: Laid, *, runtime: bool) -> Seed:
    """A kit's parts by links; of a runtime only what it has."""

    def seed(root: Path) -> None:
        distribution(slim=True)(root)
        link(root, named_programs(BESIDE_JAVA))
        lay_kit(root, kit, runtime=runtime)

    return seed


def lay_kit(root: Path, kit: Laid, *, runtime: bool) -> None:
    place = root / str(kit.home)[1:]
    (place / "bin").mkdir(parents=True)
    for path in (kit.source / "bin").iterdir():
        if not runtime or path.name in OF_RUNTIME:
            (place / "bin" / path.name).symlink_to(kit.seen / "bin" / path.name)
    for path in kit.source.iterdir():
        if path.name not in ("bin", "docs", "man"):
            (place / path.name).symlink_to(kit.seen / path.name)


def maven(kit: Seed, home: Path) -> Seed:
    """Maven beside a kit, with the programs that builds call."""

    def seed(root: Path) -> None:
        kit(root)
        link(root, full_programs())
        (root / str(MAVEN_SETTINGS)[1:]).mkdir(parents=True)
        if home != Path(MAVEN):
            (root / str(MAVEN)[1:]).symlink_to(home)
        (root / "usr/bin/mvn").symlink_to(home / "bin/mvn")

    return seed


def distroless_java(kit: Laid) -> Seed:
    """A runtime, and nothing else to run."""

    def seed(root: Path) -> None:
        without_programs(root)
        lay_kit(root, kit, runtime=True)
        (root / "usr/bin/java").symlink_to(kit.home / "bin/java")

    return seed


def rust(toolchain: Laid, linking: Iterable[str] | None) -> Seed:
    """Rust's programs by links; a slim image has those of `linking` beside the essential ones."""

    def seed(root: Path) -> None:
        distribution(slim=linking is not None)(root)
        link(root, named_programs(linking or ()))
        programs = root / str(toolchain.home)[1:] / "bin"
        programs.mkdir(parents=True)
        for path in (toolchain.source / "bin").iterdir():
            (programs / path.name).symlink_to(toolchain.seen / "bin" / path.name)
        settings = root / str(CARGO_SETTINGS)[1:]
        settings.parent.mkdir()
        settings.touch()
        (root / str(STATIC_RUSTC)[1:]).write_text(STATIC)
        (root / str(STATIC_RUSTC)[1:]).chmod(0o755)

    return seed
