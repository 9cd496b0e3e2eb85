"""The environment of a Python project: what its manifests ask for, and what it is itself."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import (
    FilesOnDisk,
    LocalProject,
    Malformed,
    OfferedGroup,
    PythonNeeds,
    normalised_lines,
    python_needs,
)
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.interpreters import interpreter_for, own_interpreter
from quantumlayer.qtest.environments.model import Environment
from quantumlayer.qtest.environments.python import python_environment
from quantumlayer.qtest.environments.sources_only import installed_without, shortfalls_of
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import WORKSPACE, Mount

METADATA = PurePosixPath("/opt/project-metadata")


def needs_of(project: Path) -> PythonNeeds:
    """What a project asks for. Raises DependencyError, of the project, for a broken manifest."""
    try:
        return python_needs(FilesOnDisk(project))
    except Malformed as error:
        raise refused(error) from error


def lines_of(lock_text: str) -> str:
    """A lock given as text, by the same rules. Raises DependencyError for what is not taken."""
    try:
        needs = normalised_lines(lock_text)
    except Malformed as error:
        raise refused(error) from error
    for one in needs.shortfalls:
        raise refused(Malformed(one.reason, path=one.path, line=one.line))
    return joined(needs.requirements)


def refused(error: Malformed) -> DependencyError:
    message = f"The project's requirements were refused: {error}."
    return DependencyError(message, fault=Fault.PROJECT)


def joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


async def project_environment(
    needs: PythonNeeds,
    cache: Path,
    more: Iterable[OfferedGroup] = (),
    project: Path | None = None,
) -> Environment:
    """What these needs come to, installed or found in the cache. Raises DependencyError.

    `more`: what is installed beside, of that which is offered. `project` holds the manifests that
    an error names a line of.
    """
    interpreter = interpreter_for(needs.python)
    added = [line for group in more for line in group.requirements]

    async def install(lines: tuple[str, ...]) -> Environment:
        return await python_environment(
            joined(lines),
            cache,
            constraints=joined(needs.constraints),
            interpreter=interpreter,
            project=project,
        )

    wanted = dict.fromkeys((*needs.requirements, *added))
    environment, left_out = await installed_without(wanted, install)
    folders = [WORKSPACE if one == "." else WORKSPACE / one for one in needs.folders]
    own = interpreter == own_interpreter()
    mounts = environment.mounts if own else (*environment.mounts, *interpreter.mounts())
    if needs.projects:
        metadata = await metadata_folder(needs.projects, cache)
        mounts = (*mounts, Mount(source=metadata, target=METADATA))
        folders.append(METADATA)
    return environment.model_copy(
        update={
            "mounts": mounts,
            "imports": tuple(one for one in folders if one != WORKSPACE),
            "shortfalls": (*needs.shortfalls, *shortfalls_of(left_out, needs)),
            "compiled": needs.compiled,
            "offered": tuple(one for one in needs.offered if one not in set(more)),
        }
    )


async def metadata_folder(projects: Iterable[LocalProject], cache: Path) -> Path:
    """A folder with what an installation would tell of the project's own distributions.

    Their versions and entry points are looked up by their own code, and by pytest for its plugins.
    """
    files = {
        f"{escaped(one.name)}-{escaped(one.version)}.dist-info/{name}": content
        for one in projects
        for name, content in (("METADATA", metadata(one)), ("entry_points.txt", entries(one)))
    }
    parts = [part for pair in sorted(files.items()) for part in pair]
    key = f"metadata-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"

    async def build(folder: Path) -> None:
        for name, content in files.items():
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            target.write_text(content)

    return await build_once(environment_folder(cache, key), build)


def escaped(part: str) -> str:
    """A name or a version as it may stand in the name of a folder."""
    return re.sub(r"[^A-Za-z0-9.+!]+", "_", part).strip(".") or "_"


def metadata(project: LocalProject) -> str:
    fields = [
        "Metadata-Version: 2.1",
        f"Name: {one_line(project.name)}",
        f"Version: {one_line(project.version)}",
        *([f"Requires-Python: {project.requires_python}"] if project.requires_python else []),
        *(f"Requires-Dist: {one_line(line)}" for line in project.requires),
    ]
    return "\n".join(fields) + "\n"


def one_line(text: str) -> str:
    return " ".join(text.split())


def entries(project: LocalProject) -> str:
    """The entry points, in sections."""
    sections: dict[str, list[str]] = {}
    for group, name, value in project.entry_points:
        sections.setdefault(one_line(group), []).append(f"{one_line(name)} = {one_line(value)}")
    return "\n".join(f"[{group}]\n" + "\n".join(lines) for group, lines in sections.items()) + "\n"
