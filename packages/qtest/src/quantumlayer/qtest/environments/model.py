"""What an installed set of dependencies looks like to a sandbox."""

from enum import StrEnum
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import CompiledModule, OfferedGroup, Shortfall
from quantumlayer.qtest.model import Noun
from quantumlayer.qtest.sandbox import Mount


class Language(StrEnum):
    """The languages whose tests can be run."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    TYPESCRIPT = "typescript"
    GO = "go"
    RUST = "rust"
    JAVA = "java"
    C = "c"
    CPP = "cpp"


class Environment(Noun):
    """The dependencies of a project, installed once and only ever read.

    `folder` is on the host (None when nothing had to be installed), `mounts` show it to a sandbox,
    `executable` is the interpreter or compiler as the sandbox finds it, `variables` what it needs
    in its environment. `key` changes with the dependencies and with the version of the toolchain.
    `links` are made in the sandbox's copy of the project, each a path in it and where that leads;
    `notes` tell what of the project's declarations was not heeded.
    `imports` are folders of the project, as the sandbox sees them, that its modules are loaded
    from. `shortfalls`: what the project asks for and does not get, `offered`: what it could get,
    `compiled`: modules of its own that its build would make.
    """

    language: Language
    key: str
    folder: Path | None
    mounts: tuple[Mount, ...]
    executable: PurePosixPath
    variables: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    imports: tuple[PurePosixPath, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    offered: tuple[OfferedGroup, ...] = ()
    compiled: tuple[CompiledModule, ...] = ()
