"""Running a command on a copy of a project, and taking out the files that it changed.

It sees what the project's tests see: the installed packages and the toolchain, no network, nothing
of ours. What a killed command has changed is left behind, for nobody knows how far it came.
"""

import asyncio
import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.commands.model import (
    COMMAND_LIMITS,
    LARGEST_CHANGE,
    LARGEST_FILE,
    MOST_FILES,
    ChangedFile,
    Command,
    Done,
)
from quantumlayer.qtest.environments import Environment, Language, prepare_environment
from quantumlayer.qtest.environments.go_library import LIBRARY
from quantumlayer.qtest.environments.javascript import TARGET
from quantumlayer.qtest.errors import QtestError
from quantumlayer.qtest.project import detect_languages, file_paths
from quantumlayer.qtest.runners.payloads import MODULES, PACKAGE, PAYLOAD_FOLDER, signed_records
from quantumlayer.qtest.runners.readable import printable
from quantumlayer.qtest.runners.records import Record, Records, text
from quantumlayer.qtest.sandbox import WORKSPACE, Mount, SandboxResult, probe_sandbox
from quantumlayer.qtest.sandbox.host import base_interpreter
from quantumlayer.qtest.sandbox.inside import NOT_COPIED

# What tools make of sources: it belongs to no tree of them.
MADE = frozenset({"dist", "build", "target", "coverage", "htmlcov", "test-results",
                  "playwright-report"})  # fmt: skip
MADE_SUFFIXES = (".pyc", ".class", ".o", ".tsbuildinfo", ".log", ".db", ".sqlite3", ".coverage")
# Stacks name programs as they lie on a developer's machine.
IN_ENVIRONMENT = re.compile(r"(?<![\w/.])(?:\./)?\.venv/bin/(?P<program>[\w.-]+)")
# The session ends the command by itself, and has to tell of it.
GRACE_SECONDS = 20.0
START = (
    f"import sys; sys.path.insert(0, {str(MODULES)!r}); "
    f"from {PACKAGE.replace('/', '.')} import session, command_session; "
    "session.run(command_session.session)"
)


async def run_command(project: Path, command: Command, cache: Path) -> Done:
    """What a command does to a copy of the project, which itself is not touched.

    Raises nothing for what a registry or this machine cannot do: it is said in `Done`.
    """
    notes: list[str] = []
    environments = await installed(project, cache, notes) if command.installing else []
    plan: dict[str, Any] = {
        "command": ["/bin/sh", "-c", in_words(command.line, environments)],
        "links": links_of(environments),
        "before": [COPY] if any(one.language is Language.GO for one in environments) else [],
        "seconds": command.seconds,
        "made": await asyncio.to_thread(made_folders, project),
        "suffixes": list(MADE_SUFFIXES),
        "most": MOST_FILES,
        "largest": LARGEST_FILE,
        "altogether": LARGEST_CHANGE,
    }
    limits = COMMAND_LIMITS.model_copy(update={"wall_seconds": command.seconds + GRACE_SECONDS})
    mounts = dict.fromkeys(mount for one in environments for mount in one.mounts)
    try:
        sandbox = await asyncio.to_thread(probe_sandbox)
        result, records = await signed_records(
            sandbox,
            [str(base_interpreter()), "-I", "-S", "-B", "-c", START],
            project=project,
            mounts=(*mounts, Mount(source=PAYLOAD_FOLDER, target=MODULES / PACKAGE)),
            variables=variables_of(environments),
            limits=limits,
            plan=json.dumps(plan).encode(),
        )
    except QtestError as error:
        return Done(ended=f"could not be run: {error}", notes=tuple(notes))
    return told(result, records, notes)


COPY = ["/bin/cp", "-rs", str(LIBRARY / "cache"), "/tmp/go-cache"]  # noqa: S108 - the sandbox's


async def installed(project: Path, cache: Path, notes: list[str]) -> list[Environment]:
    """The project's packages and toolchains; a note for what cannot be had."""
    found: list[Environment] = []
    for language in await asyncio.to_thread(detect_languages, project):
        try:
            found.append(await prepare_environment(project, language, cache))
        except (QtestError, NotUnderstood) as error:
            notes.append(f"Nothing of {language.value} is installed: {printable(str(error))}")
    return found


def made_folders(project: Path) -> list[str]:
    """The names of folders in which tools put what they make, less those that the project has."""
    own = {part for path in file_paths(project) for part in path.split("/")[:-1]}
    return sorted((MADE - own) | NOT_COPIED)


def in_words(line: str, environments: Sequence[Environment]) -> str:
    """The line with the project's own Python in the place of a folder that is not there."""
    if not any(one.language is Language.PYTHON for one in environments):
        return line

    def started(found: re.Match[str]) -> str:
        program = found["program"]
        return program if program.startswith("python") else f"python -m {program}"

    return IN_ENVIRONMENT.sub(started, line)


def links_of(environments: Sequence[Environment]) -> list[tuple[str, str]]:
    """What has to lead from the copy to where packages lie."""
    own = [link for one in environments for link in one.links]
    packages = any(one.folder and (one.folder / "node_modules").is_dir() for one in environments)
    return [*own, *([("node_modules", str(TARGET))] if packages else [])]


def variables_of(environments: Sequence[Environment]) -> dict[str, str]:
    """What the command finds in its environment: as its tests have it, and nothing of ours."""
    variables: dict[str, str] = {}
    folders: list[str] = []
    for one in environments:
        own = dict(one.variables)
        folders += [str(one.executable.parent), *filter(None, own.pop("PATH", "").split(":"))]
        variables |= own
    modules = [str(folder) for one in environments for folder in one.imports]
    path = [*dict.fromkeys(folders), str(TARGET / ".bin"), "/usr/bin", "/bin"]
    return {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": ":".join([str(WORKSPACE), *modules]),
        "NO_COLOR": "1",
        **variables,
        "PATH": ":".join(path),
    }


def told(result: SandboxResult, records: Records, notes: list[str]) -> Done:
    """What the session has said, or why it has not come to that."""
    ended = next(iter(records.named("ended")), None)
    if not records.genuine or ended is None or not records.named("closed"):
        limits = ", ".join(result.limits_hit)
        how = f"went beyond its limits ({limits})" if limits else "did not come to its end"
        return Done(ended=f"{how}; what it changed is left behind", notes=tuple(notes))
    return Done(
        ended=text(ended, "ended"),
        output=printable(text(ended, "output")),
        succeeded=ended["status"] == 0,
        changed=tuple(map(changed_file, records.named("changed"))),
        notes=(*notes, *(text(one, "words") for one in records.named("noted"))),
    )


def changed_file(record: Record) -> ChangedFile:
    """A file that is not what it was."""
    content = record["content"]
    return ChangedFile(
        path=text(record, "path"),
        content=None if content is None else base64.b64decode(content),
    )
