"""The nouns of this room: files to read, what they declare, and what could not be understood."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field


class Ecosystem(StrEnum):
    """Whose registry a name belongs to."""

    PYPI = "pypi"
    NPM = "npm"
    GO = "go"
    CARGO = "cargo"
    MAVEN = "maven"


class Dependency(BaseModel):
    """One declared dependency; `version` as written; from elsewhere when not `from_registry`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    ecosystem: Ecosystem
    name: str
    path: str
    line: int = Field(ge=1)
    version: str = ""
    from_registry: bool = True


class ProjectFiles(Protocol):
    """A project's files as they may be read: on disk, in memory or in an archive.

    Paths are relative to the project, with forward slashes and without dots. Whoever implements
    this follows no link that leads out of the project, and waits for nothing.
    """

    def paths(self) -> Iterable[str]:
        """The path of every file, sorted."""
        ...

    def content(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none, or it cannot be read."""
        ...


class NotUnderstood(Exception):  # noqa: N818 - it says of a manifest what it is
    """A manifest asks for something that cannot be found out without running it, or not at all.

    What could not be found out is nobody's fault: it becomes `infrastructure_error`, with the line.
    """

    def __init__(self, reason: str, *, path: str, line: int | None = None) -> None:
        """`reason` says what is asked for and why it cannot be had."""
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.reason = reason
        self.path = path
        self.line = line


class Malformed(Exception):  # noqa: N818 - as above
    """A manifest that the ecosystem's own tools refuse, too: whoever wrote it has to act."""

    def __init__(self, reason: str, *, path: str, line: int | None = None) -> None:
        """`reason` says what is wrong with it."""
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.reason = reason
        self.path = path
        self.line = line
