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
    language = Language(check.language)
    environment = await prepare_environment(project, language, cache)
    commands, mounts = [], [*environment.mounts]
    for command in check.commands:
        started, more = started_as(command, environment)
        commands.append(shlex.join(started))
        mounts += [one for one in more if one not in mounts]
    sandbox = await asyncio.to_thread(probe_sandbox)
    result = await sandbox.run(
        ["/bin/sh", "-c", " && ".join(commands)],
        workspace=project,
        mounts=mounts,
        environment={"PATH": f"{environment.executable.parent}:/usr/bin:/bin", "NO_COLOR": "1"},
        limits=CHECK_LIMITS,
    )
    return judged(result, project, check)


def judged(result: SandboxResult, project: Path, check: TypeCheck) -> Finding:
    """What came of a run. Raises NothingToAsk where it says nothing of the project's types."""
    said = f"{result.stdout}\n{result.stderr}"
    if result.exit_status == 0:
        return Finding(evidence=tail(said))
    name = " ".join(check.commands[-1])
    if result.limits_hit:
        raise NothingToAsk(f"`{name}` needs more than it may have ({', '.join(result.limits_hit)})")
    places = [one for one in COMPLAINT.finditer(said) if (project / one["path"]).is_file()]
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
