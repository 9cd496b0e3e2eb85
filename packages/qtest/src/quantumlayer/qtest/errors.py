"""What can go wrong before a verdict exists."""

from enum import StrEnum


class QtestError(Exception):
    """Root of every error this package raises on purpose; its text is meant for people."""


class SandboxUnavailable(QtestError):  # noqa: N818 - it names a state of the machine, not a mistake
    """No sandbox works here, so nothing may run. The text says what to install."""


class ToolMissing(QtestError):  # noqa: N818 - as above
    """A runtime or tool the project needs (Node, npm, uv) is not on this machine."""


class Fault(StrEnum):
    """Who has to act on a failed installation."""

    PROJECT = "project"  # a package or version that does not exist, or a refused requirement
    INFRASTRUCTURE = "infrastructure"  # the index cannot be reached, the disk is full, …


class DependencyError(QtestError):
    """The dependencies of a project could not be installed.

    `fault` says whether the project asks for something that cannot be had, or our side broke.
    `output` is all that the installer said.
    """

    def __init__(self, message: str, *, fault: Fault, output: str = "") -> None:
        super().__init__(message)
        self.fault = fault
        self.output = output
