"""A project's own type checker: the one that its stack names, where the project brings it.

It is run as its tests are, among the same installed packages. What it complains about has a place
in the project; a complaint without any is about how it was called, and says nothing of the types.
"""

import asyncio
import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.model import CHECK_LIMITS, Finding, TypeCheck
from quantumlayer.qtest.environments import Environment, Language, prepare_environment
from quantumlayer.qtest.environments.access.node import npm_program
from quantumlayer.qtest.environments.javascript import TARGET
from quantumlayer.qtest.runners.readable import printable, tail
from quantumlayer.qtest.sandbox import Mount, SandboxResult, probe_sandbox

MOST_NAMED = 3
# mypy's and tsc's: `src/a.py:3: error: …`, `src/a.ts(3,5): error TS2345: …`.
COMPLAINT = re.compile(
    r"^(?P<path>[^\s:()][^:()\n]*\.\w+)(?::(?P<line>\d+)|\((?P<row>\d+),\d+\))(?::\d+)?:? "
    r"(?P<message>.*\berror\b.*)$",
    re.MULTILINE,
)
Words = Sequence[str]


async def ill_typed(project: Path, check: TypeCheck, cache: Path) -> Finding:
    """What its type checker complains about, with places. Raises NothingToAsk and QtestError."""
    return judged(await checked(project, check, cache), project, check)


async def type_complaints(project: Path, check: TypeCheck, cache: Path) -> tuple[str, ...]:
    """Every complaint of its type checker with its place; what has none is told as it was said.

    Raises NothingToAsk and QtestError.
    """
    result = await checked(project, check, cache)
    if result.exit_status == 0:
        return ()
    refuse_limits(result, check)
    said = f"{result.stdout}\n{result.stderr}"
    places = places_in(said, project)
    told = (f"{one['path']}:{one['line'] or one['row']}: {one['message']}" for one in places)
    return tuple(dict.fromkeys(told)) or (tail(said),)


async def checked(project: Path, check: TypeCheck, cache: Path) -> SandboxResult:
    """How its type checker ended. Raises NothingToAsk where the project does not bring it."""
    language = Language(check.language)
    environment = await prepare_environment(project, language, cache)
    commands, mounts = [], [*environment.mounts]
    for command in check.commands:
        started, more = started_as(command, environment)
        commands.append(shlex.join(started))
        mounts += [one for one in more if one not in mounts]
    sandbox = await asyncio.to_thread(probe_sandbox)
    return await sandbox.run(
        ["/bin/sh", "-c", " && ".join(commands)],
        workspace=project,
        mounts=mounts,
        environment={"PATH": f"{environment.executable.parent}:/usr/bin:/bin", "NO_COLOR": "1"},
        limits=CHECK_LIMITS,
    )


def judged(result: SandboxResult, project: Path, check: TypeCheck) -> Finding:
    """What came of a run. Raises NothingToAsk where it says nothing of the project's types."""
    said = f"{result.stdout}\n{result.stderr}"
    if result.exit_status == 0:
        return Finding(evidence=tail(said))
    name = judge(check)
    refuse_limits(result, check)
    places = places_in(said, project)
    if not places:
        last = " ".join(said.split())[-200:]
        raise NothingToAsk(f"`{name}` could not judge this project: {printable(last)}")
    named = [
        f"{one['path']}:{one['line'] or one['row']}: {printable(one['message'])}"
        for one in places[:MOST_NAMED]
    ]
    rest = len(places) - len(named)
    more = f" and {rest} more" if rest else ""
    return Finding(reason=f"`{name}` complains: {'; '.join(named)}{more}.", evidence=tail(said))


def places_in(said: str, project: Path) -> list[re.Match[str]]:
    """The complaints about files of the project."""
    return [one for one in COMPLAINT.finditer(said) if (project / one["path"]).is_file()]


def refuse_limits(result: SandboxResult, check: TypeCheck) -> None:
    """Raise NothingToAsk of what was ended before it could say anything."""
    if result.limits_hit:
        raise NothingToAsk(
            f"`{judge(check)}` needs more than it may have ({', '.join(result.limits_hit)})"
        )


def judge(check: TypeCheck) -> str:
    """The command that judges types, as people type it."""
    return " ".join(check.commands[-1])


def started_as(command: Words, environment: Environment) -> tuple[Words, tuple[Mount, ...]]:
    """How the sandbox starts a command of a stack, and what it has to see for that.

    Raises NothingToAsk where the project does not bring the program.
    """
    for prefix, start in STARTS.items():
        if command[0].startswith(prefix):
            return start(command, environment)
    return command, ()


def in_environment(command: Words, environment: Environment) -> tuple[Words, tuple[Mount, ...]]:
    """`.venv/bin/mypy` is a module of the project's environment."""
    module = command[0].rpartition("/")[2]
    folder = environment.folder
    if folder is None or not any(folder.glob(f"lib/python*/site-packages/{module}")):
        raise NothingToAsk(f"{module} is not among the packages that this project asks for.")
    return [str(environment.executable), "-m", module, *command[1:]], ()


def by_npx(command: Words, environment: Environment) -> tuple[Words, tuple[Mount, ...]]:
    """`npx tsc` is a program of the project's packages, which is never fetched for this."""
    program, folder = command[1], environment.folder
    if folder is None or not (folder / "node_modules" / ".bin" / program).exists():
        raise NothingToAsk(f"{program} is not among the packages that this project asks for.")
    return [str(TARGET / ".bin" / program), *command[2:]], ()


def by_npm(command: Words, _environment: Environment) -> tuple[Words, tuple[Mount, ...]]:
    """`npm run contract` is a script of the project's own."""
    words, mounts = npm_program()
    return [*words, *command[1:]], mounts


Start = Callable[[Words, Environment], tuple[Words, tuple[Mount, ...]]]
STARTS: dict[str, Start] = {".venv/bin/": in_environment, "npx": by_npx, "npm": by_npm}
"""By the beginning of a stack's command: how it is started among installed packages."""
