"""What an installed set of dependencies looks like to a sandbox."""

from enum import StrEnum
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import OfferedGroup, Shortfall
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
    `imports` are folders of the project, as the sandbox sees them, that its modules are loaded
    from. `shortfalls`: what the project asks for and does not get, `offered`: what it could get.
    """

    language: Language
    key: str
    folder: Path | None
    mounts: tuple[Mount, ...]
    executable: PurePosixPath
    variables: tuple[tuple[str, str], ...] = ()
    imports: tuple[PurePosixPath, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    offered: tuple[OfferedGroup, ...] = ()
