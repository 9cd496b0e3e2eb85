"""What can go wrong before a verdict exists."""

from enum import StrEnum

from quantumlayer.qtest.model import Diagnostic


class QtestError(Exception):
    """Root of every error this package raises on purpose; its text is meant for people."""


class SandboxUnavailable(QtestError):  # noqa: N818 - it names a state of the machine, not a mistake
    """No sandbox works here, so nothing may run. The text says what to install."""


class ToolMissing(QtestError):  # noqa: N818 - as above
    """A runtime or tool the project needs (Node, npm, uv) is not on this machine."""


class Fault(StrEnum):
    """Who has to act on a failed installation."""

    PROJECT = "project"  # its own files show it: a manifest that is malformed or contradicts itself
    INFRASTRUCTURE = "infrastructure"  # a registry is away or lacks a version, the disk is full, …


class DependencyError(QtestError):
    """The dependencies of a project could not be installed.

    `fault` says whether the project's own files are wrong, or nothing could be found out. `output`
    is all that the installer said. `undetermined`: what cannot be had here, at the lines that ask
    for it.
    """

    def __init__(
        self,
        message: str,
        *,
        fault: Fault,
        output: str = "",
        undetermined: tuple[Diagnostic, ...] = (),
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.output = output
        self.undetermined = undetermined
