"""Running a project's fixers and formatters on a copy, and taking out what they changed.

They are the project's, and so is their configuration: plugins of theirs run in the sandbox alone.
What comes out are the contents of files that were named before; nothing is added or deleted.
"""

import asyncio
import base64
import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Never

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.type_checks import started_as
from quantumlayer.qtest.environments import Environment, Language, prepare_environment
from quantumlayer.qtest.errors import QtestError
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.payloads import MODULES, PACKAGE, PAYLOAD_FOLDER, signed_records
from quantumlayer.qtest.runners.readable import printable
from quantumlayer.qtest.runners.records import Record, text
from quantumlayer.qtest.sandbox import Mount, SandboxResult, probe_sandbox
from quantumlayer.qtest.sandbox.host import base_interpreter, covered
from quantumlayer.qtest.tidying.model import (
    LARGEST_CHANGE,
    LARGEST_FILE,
    TIDY_LIMITS,
    Tidied,
    TidiedFile,
    Tidying,
)

PROGRAMS = PurePosixPath("/opt/tidying")
SAID_CHARACTERS = 200
START = (
    f"import sys; sys.path.insert(0, {str(MODULES)!r}); "
    f"from {PACKAGE.replace('/', '.')} import session, tidying_session; "
    "session.run(tidying_session.session)"
)


async def tidy(
    project: Path, task: Tidying, cache: Path, *, limits: Limits = TIDY_LIMITS
) -> Tidied:
    """What fixers and formatters make of a project's files; the project itself is not touched.

    Raises nothing for what a tool, a registry or this machine cannot do: the files stay as they
    are then, and a note says why.
    """
    notes: list[str] = []
    environment = await installed(project, task, cache, notes)
    steps, mounts = await asyncio.to_thread(planned, task, environment, notes)
    if not steps or not task.paths:
        return Tidied(notes=tuple(notes))
    plan: dict[str, Any] = {
        "steps": steps,
        "files": list(task.paths),
        "largest": LARGEST_FILE,
        "altogether": LARGEST_CHANGE,
    }
    try:
        sandbox = await asyncio.to_thread(probe_sandbox)
        result, records = await signed_records(
            sandbox,
            [str(base_interpreter()), "-I", "-S", "-B", "-c", START],
            project=project,
            mounts=(*mounts, Mount(source=PAYLOAD_FOLDER, target=MODULES / PACKAGE)),
            variables=variables_of(environment),
            limits=limits,
            plan=json.dumps(plan).encode(),
        )
    except QtestError as error:
        return Tidied(notes=(*notes, brief(str(error))))
    notes += (noted(one) for one in records.named("noted"))
    # What was cut off in the middle depends on how fast this machine is.
    if not records.genuine or not records.named("closed"):
        return Tidied(notes=(*notes, unfinished(result)))
    changed = records.named("changed")
    return Tidied(files=tuple(map(tidied_file, changed)), notes=tuple(notes))


async def installed(
    project: Path, task: Tidying, cache: Path, notes: list[str]
) -> Environment | None:
    """The project's packages; None, with a note, where they cannot be had or must not be."""
    if not task.installing:
        return None
    try:
        return await prepare_environment(project, Language(task.language), cache)
    except (QtestError, NotUnderstood) as error:
        notes.append(brief(str(error)))
        return None


def planned(
    task: Tidying, environment: Environment | None, notes: list[str]
) -> tuple[list[dict[str, Any]], tuple[Mount, ...]]:
    """Each command as the sandbox starts it, and what it has to see; a note for those it cannot."""
    steps: list[dict[str, Any]] = []
    mounts = list(environment.mounts) if environment else []
    for command in task.commands:
        try:
            started, more = found(command, task, environment)
        except (NothingToAsk, QtestError) as reason:
            notes.append(brief(str(reason)))
            continue
        steps.append({"name": named(command), "command": list(started)})
        mounts += [one for one in more if one not in mounts]
    return steps, tuple(mounts)


def found(
    command: Sequence[str], task: Tidying, environment: Environment | None
) -> tuple[Sequence[str], tuple[Mount, ...]]:
    """A command with the project's own program, or else with ours. Raises NothingToAsk."""
    try:
        return started_as(command, environment) if environment else without_packages(command)
    except NothingToAsk:
        ours = task.programs.get(PurePosixPath(command[0]).name)
        if ours is None:
            raise
        return with_ours(ours, command)


def without_packages(command: Sequence[str]) -> Never:
    """Raise NothingToAsk: what the project would bring is not there."""
    raise NothingToAsk(f"`{named(command)}` was not run: nothing is installed.")


def with_ours(program: Path, command: Sequence[str]) -> tuple[Sequence[str], tuple[Mount, ...]]:
    """A command with a program of this machine, which the sandbox is shown."""
    real = program.resolve()
    if covered(real):
        return [str(real), *command[1:]], ()
    place = PROGRAMS / program.name
    return [str(place), *command[1:]], (Mount(source=real, target=place),)


def named(command: Sequence[str]) -> str:
    """A command as people call it: `ruff check --fix`, `biome format --write`."""
    words = command[1:] if command[0] == "npx" else command
    return " ".join([PurePosixPath(words[0]).name, *words[1:]])


def variables_of(environment: Environment | None) -> dict[str, str]:
    """What the tools find in their environment: nothing of ours."""
    own = f"{environment.executable.parent}:" if environment else ""
    given = dict(environment.variables) if environment else {}
    return {**given, "PATH": f"{own}/usr/bin:/bin", "NO_COLOR": "1"}


def noted(record: Record) -> str:
    """What a command said that did not end well."""
    said = brief(text(record, "said"))
    return f"`{text(record, 'name')}` {text(record, 'ended')}" + (f": {said}" if said else "")


def brief(said: str) -> str:
    """The end of what was said, on one line."""
    return printable(" ".join(said.split()))[-SAID_CHARACTERS:]


def unfinished(result: SandboxResult) -> str:
    """Why nothing was taken of a run that did not come to its end."""
    if result.limits_hit:
        return f"The tools need more than they may have ({', '.join(result.limits_hit)})."
    return "The tools did not come to their end."


def tidied_file(record: Record) -> TidiedFile:
    """A file that was changed."""
    return TidiedFile(
        path=text(record, "path"),
        content=base64.b64decode(text(record, "content")),
        tools=tuple(record["tools"]),
    )
