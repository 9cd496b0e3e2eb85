"""What is to be tidied, and what came of it."""

from pathlib import Path

from pydantic import Field

from quantumlayer.qtest.model import MIB, Limits, Noun

TIDY_LIMITS = Limits(
    memory_bytes=2048 * MIB, cpu_seconds=120, wall_seconds=60.0, disk_bytes=1024 * MIB,
    open_files=4096,
)  # fmt: skip
LARGEST_FILE = MIB
LARGEST_CHANGE = 8 * MIB


class Tidying(Noun):
    """The commands of a stack that change files, in their order, and the files that they may.

    Whatever else they write is left behind in the sandbox. `programs`: ours, by name, which stand
    in for those that a project does not bring. Without `installing` only those are run.
    """

    language: str
    commands: tuple[tuple[str, ...], ...]
    paths: tuple[str, ...]
    programs: dict[str, Path] = Field(default_factory=dict)
    installing: bool = True


class TidiedFile(Noun):
    """A file with its new content, and the commands that changed it."""

    path: str
    content: bytes
    tools: tuple[str, ...]


class Tidied(Noun):
    """The files that were changed, by path, and what could not be done, for people."""

    files: tuple[TidiedFile, ...] = ()
    notes: tuple[str, ...] = ()
