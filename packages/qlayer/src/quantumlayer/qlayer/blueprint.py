"""The blueprint: which files make the application, how they lean on each other, how it runs."""

from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from pydantic import Field, field_validator, model_validator

from quantumlayer.qlayer.noun import SCHEMA_VERSION, Noun, Slug
from quantumlayer.qlayer.paths import colliding, confined
from quantumlayer.qlayer.requirements import ApplicationKind, Language

ADDED = "Added because "
"""How the purpose of a dependency begins that the plan did not name when it was made."""


class FileRole(StrEnum):
    """What a file is for; tests are written by the tester, the rest by generators."""

    SOURCE = "source"
    TEST = "test"
    CONFIGURATION = "configuration"
    DOCUMENTATION = "documentation"


class PlannedFile(Noun):
    """One file to write. `interface` is what others may lean on: signatures, routes, exports.

    `agent` names who writes it; empty where the plan leaves that to whoever writes.
    """

    path: str
    role: FileRole
    purpose: str = Field(max_length=500)
    interface: str = Field(default="", max_length=4000)
    depends_on: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    agent: str = Field(default="", max_length=60)

    @model_validator(mode="after")
    def _stay_inside(self) -> "PlannedFile":
        confined(self.path)
        return self


class Dependency(Noun):
    """A third-party package of the generated project: `specifier` as its ecosystem writes it."""

    name: str = Field(pattern=r"^[A-Za-z0-9@][A-Za-z0-9._/\-\[\]]*$", max_length=100)
    specifier: str = Field(default="", max_length=100, pattern=r"^[0-9A-Za-z<>=!~^*.,+ \-]*$")
    purpose: str = Field(default="", max_length=300)
    development: bool = False


class EnvironmentVariable(Noun):
    """A setting that the generated project reads from its environment."""

    name: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    default: str = ""
    description: str = ""


class Blueprint(Noun):
    """The plan of the source tree.

    Files are put into an order in which each one's `depends_on` stand before it. `run_command` and
    `test_command` are argument lists, run from the project's root inside its prepared
    environment (`python`, `node`). `port` is where a service listens, read from `PORT`. `stack`
    names what it is made with and begins from; empty where all is planned here. `imported`: it was
    read off a project that somebody else began, of whose files only some are named.
    """

    schema_version: int = SCHEMA_VERSION
    name: Slug
    kind: ApplicationKind
    language: Language
    stack: str = ""
    imported: bool = False
    framework: str = ""
    summary: str = ""
    files: tuple[PlannedFile, ...] = Field(min_length=1, max_length=500)
    dependencies: tuple[Dependency, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()
    run_command: tuple[str, ...] = ()
    test_command: tuple[str, ...] = ()
    port: int | None = None

    @field_validator("files")
    @classmethod
    def _in_dependency_order(cls, files: tuple[PlannedFile, ...]) -> tuple[PlannedFile, ...]:
        by_path = {file.path: file for file in files}
        if len(by_path) < len(files):
            paths = [file.path for file in files]
            twice = sorted({path for path in paths if paths.count(path) > 1})
            raise ValueError(f"planned twice: {', '.join(twice)}")
        if collision := colliding(by_path):
            raise ValueError(f"not every file system can hold both {' and '.join(collision)}")
        for file in files:
            for needed in file.depends_on:
                if needed not in by_path:
                    raise ValueError(f"{file.path} depends on {needed}, which is not planned")
        try:
            order = TopologicalSorter({file.path: file.depends_on for file in files})
            return tuple(by_path[path] for path in order.static_order())
        except CycleError as error:
            raise ValueError(f"files depend on each other in a circle: {error.args[1]}") from None
