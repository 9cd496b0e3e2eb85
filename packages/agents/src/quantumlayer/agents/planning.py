"""A plan as a language model gives it, in one piece or several, and the blueprint it makes."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pydantic import ConfigDict, Field, field_validator

from quantumlayer.manifests import FilesInMemory, declared
from quantumlayer.qlayer import Blueprint, FileRole, Noun, PlannedFile
from quantumlayer.qlayer.blueprint import Dependency, EnvironmentVariable
from quantumlayer.qlayer.requirements import Language, Requirements
from quantumlayer.qlayer.stacks import (
    Stack,
    is_fixed,
    kind_of,
    language_of,
    named,
    role_of,
    stack,
    usable,
    worth_reading,
    woven,
)

# How many files are asked for in one answer: twice as many have filled the limit of output.
AT_ONCE = 40
WOVEN = "Puts the parts of the project together, as the starter does with those of its example."
# What nothing but a stack can make: there is no image, and no way to run its tests in one.
PLANNED_FREELY = (Language.PYTHON, Language.JAVASCRIPT)


class PlanAnswer(Noun):
    """A piece of a plan; `more` says that there are files still to be named.

    What models repeat of the requirements, the name, the kind, the language, is not heeded.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    stack: str = ""
    summary: str = ""
    framework: str = ""
    files: tuple[PlannedFile, ...] = Field(min_length=1, max_length=500)
    more: bool = False
    dependencies: tuple[Dependency, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()
    run_command: tuple[str, ...] = ()
    test_command: tuple[str, ...] = ()
    port: int | None = None

    @field_validator("stack")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name:
            try:
                stack(name)
            except KeyError as error:
                raise ValueError(str(error)) from None
        return name


def packages_of(one: Stack) -> tuple[str, ...]:
    """The packages that the starter of a stack names, those for development among them."""
    manifests = FilesInMemory({file.path: file.text.encode() for file in worth_reading(one)})
    return tuple(sorted({each.name for each in declared(manifests)}))


def is_extendable(one: Stack) -> bool:
    """Whether packages can be added to what the starter of a stack locks."""
    return language_of(one) is Language.PYTHON


def blueprint_of(requirements: Requirements, pieces: Sequence[PlanAnswer]) -> Blueprint:
    """The blueprint that the pieces of a plan make together. Raises ValueError."""
    files = merged_files(pieces)
    dependencies = {one.name: one for piece in pieces for one in piece.dependencies}
    environment = {one.name: one for piece in pieces for one in piece.environment}
    first = pieces[0]
    if not first.stack:
        return Blueprint(
            name=requirements.name,
            kind=requirements.kind,
            language=requirements.language,
            framework=first.framework,
            summary=first.summary,
            files=files,
            dependencies=tuple(dependencies.values()),
            environment=tuple(environment.values()),
            run_command=first.run_command,
            test_command=first.test_command,
            port=first.port,
        )
    name = usable(requirements.name)
    one = named(stack(first.stack), name)
    known = set(packages_of(one))
    added = (each for each in dependencies.values() if each.name.lower() not in known)
    return Blueprint(
        name=name,
        kind=kind_of(one),
        language=language_of(one),
        stack=one.name,
        framework=one.title,
        summary=first.summary,
        files=with_order(with_woven((file for file in files if not is_fixed(one, file.path)), one)),
        dependencies=tuple(added) if is_extendable(one) else (),
        environment=tuple(environment.values()),
        run_command=one.commands.start or (),
        test_command=one.commands.test[0],
        port=one.delivery.port if one.delivery else None,
    )


def merged_files(pieces: Iterable[PlanAnswer]) -> tuple[PlannedFile, ...]:
    """The files of all pieces; what a later piece repeats is planned once."""
    by_path: dict[str, PlannedFile] = {}
    for piece in pieces:
        for file in piece.files:
            by_path.setdefault(file.path, file)
    return tuple(by_path.values())


def with_woven(files: Iterable[PlannedFile], one: Stack) -> tuple[PlannedFile, ...]:
    """The files, and those that every project of a stack writes anew, whether planned or not."""
    planned = tuple(files)
    paths = {file.path for file in planned}
    sources = tuple(file.path for file in planned if file.role is FileRole.SOURCE)
    return (
        *planned,
        *(
            PlannedFile(path=path, role=role_of(one, path), purpose=WOVEN, depends_on=sources)
            for path in woven(one)
            if path not in paths
        ),
    )


def with_order(files: Iterable[PlannedFile]) -> tuple[PlannedFile, ...]:
    """The files, leaning only on planned ones and never in a circle: bodies need no order."""
    kept: dict[str, tuple[str, ...]] = {}
    planned = {file.path: file for file in files}
    for path, file in planned.items():
        leans = tuple(one for one in file.depends_on if one in planned and one != path)
        kept[path] = leans
        while (closing := closes_a_circle(kept, path)) is not None:
            kept[path] = tuple(one for one in kept[path] if one != closing)
    return tuple(
        file.model_copy(update={"depends_on": kept[path]}) for path, file in planned.items()
    )


def closes_a_circle(leaning: Mapping[str, Sequence[str]], path: str) -> str | None:
    """What `path` leans on and leans on it in turn; None where there is nothing like that."""
    try:
        TopologicalSorter(leaning).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return next((one for one in leaning[path] if one in circle), None)
    return None
