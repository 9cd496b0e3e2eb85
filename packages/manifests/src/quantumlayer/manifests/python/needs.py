"""What a Python project needs before its tests can run, as far as its manifests say."""

from pydantic import BaseModel, ConfigDict, Field


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Shortfall(_Noun):
    """Something asked for that is not installed: why, where it is asked for, and what it brings.

    `provides` names the distributions that are lacking; empty when not even that is known.
    """

    reason: str
    path: str
    line: int | None = None
    provides: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The path, with the line where there is one."""
        return f"{self.path}:{self.line}" if self.line else self.path


class CompiledModule(_Noun):
    """A module of the project that its build would compile, by its dotted name, and who says so."""

    name: str
    path: str
    line: int | None = None

    @property
    def place(self) -> str:
        """The path, with the line where there is one."""
        return f"{self.path}:{self.line}" if self.line else self.path


class LocalProject(_Noun):
    """A distribution whose source is in the project: what its installed metadata would say.

    `entry_points`: (group, name, value). `requires`: its own requirements, as PEP 508 lines.
    """

    name: str
    version: str
    requires_python: str = ""
    requires: tuple[str, ...] = ()
    entry_points: tuple[tuple[str, str, str], ...] = ()


class OfferedGroup(_Noun):
    """Requirements that are declared but not meant for tests: an extra, a group, another list."""

    name: str
    path: str
    requirements: tuple[str, ...]


class PythonVersion(_Noun):
    """The versions of Python that the project asks for, as a PEP 440 specifier, and where."""

    specifier: str = ""
    path: str = ""
    line: int | None = None


class PythonNeeds(_Noun):
    """All of it. `requirements` and `constraints` are lines as installers take them, from the
    registry only; `folders` are put on the path, relative to the project, `.` for itself.
    `origins` tells of each requirement the file and the line that ask for it."""

    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    projects: tuple[LocalProject, ...] = ()
    python: PythonVersion = Field(default_factory=PythonVersion)
    offered: tuple[OfferedGroup, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    compiled: tuple[CompiledModule, ...] = ()
    origins: tuple[tuple[str, str, int | None], ...] = ()
