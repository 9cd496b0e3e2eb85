"""What a family of tools contributes to the plan: files, and worked examples."""

from collections.abc import Callable
from dataclasses import dataclass

from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import Requirements

Write = Callable[[Requirements], str]


@dataclass(frozen=True, slots=True)
class ToolFile:
    """One file of a generated tool, and who writes its content."""

    path: str
    role: FileRole
    purpose: str
    write: Write
    interface: str = ""
    depends_on: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example of the README: what it shows, the command, and what it prints."""

    text: str
    command: str
    output: str


@dataclass(frozen=True, slots=True)
class Family:
    """How one kind of program is written.

    `scratch` says that examples write files and run in an empty folder when they are tested.
    """

    files: Callable[[Requirements], tuple[ToolFile, ...]]
    examples: Callable[[Requirements], tuple[Example, ...]]
    statuses: Callable[[Requirements], tuple[tuple[str, str], ...]]
    notes: Callable[[Requirements], str]
    scratch: bool = False
