"""Starting a program in the folder of one package of a project, with what belongs there."""

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.javascript import MEMBERS, TARGET
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.runners.javascript_trials import Trial
from quantumlayer.qtest.runners.node_words import options_in, settings
from quantumlayer.qtest.sandbox import WORKSPACE
from quantumlayer.qtest.untrusted import text_of

# Links of packages that one member has for itself, then its folder, then the program.
_START = """folder=$1; count=$2; shift 2
while [ "$count" -gt 0 ]; do
  [ -e "$1" ] || ln -s "$2" "$1"
  shift 2; count=$((count - 1))
done
cd "$folder" && exec "$@"
"""


def in_package(command: Sequence[str], trial: Trial, environment: Environment) -> list[str]:
    """The command, so that it is run in the package's folder of the sandbox's copy."""
    if trial.folder == "." and not environment.links:
        return list(command)
    words = [word for pair in environment.links for word in pair]
    count = str(len(environment.links))
    return ["/bin/sh", "-c", _START, "sh", trial.folder, count, *words, *command]


def variables_of(trial: Trial, environment: Environment) -> dict[str, str]:
    """What the tests of a package find in their environment."""
    return {
        "NODE_ENV": "test",
        **settings(trial.variables),
        "PATH": f"{environment.executable.parent}:/usr/bin:/bin",
        "QL_PROJECT": str(WORKSPACE),
        "QL_WANTED": json.dumps([*options_in(trial.variables).preload, *trial.words.preload]),
    }


def node_options(trial: Trial, limits: Limits) -> list[str]:
    """The options of Node that the project's own command has, and the limit on its memory."""
    memory = f"--max-old-space-size={limits.memory_bytes // MIB}"
    return [memory, *options_in(trial.variables).options, *trial.words.options]


@dataclass(frozen=True)
class Installed:
    """A package as the sandbox finds it: its folder, its version and its programs."""

    folder: PurePosixPath
    version: tuple[int, ...]
    programs: Mapping[str, str]


def installed(environment: Environment, folder: str, package: str) -> Installed | None:
    """A package that is installed for another one, in its own version before the shared one."""
    places = [("node_modules", TARGET)]
    if folder != ".":
        places.insert(0, (f"{folder}/node_modules", MEMBERS / folder / "node_modules"))
    for place, target in places:
        path = environment.folder and environment.folder / place / package / "package.json"
        text = text_of(Path(path)) if path else None
        if text is not None:
            manifest = json.loads(text)
            named = manifest.get("bin", {})
            programs = named if isinstance(named, dict) else {package: str(named)}
            version = tuple(int(part) for part in re.findall(r"\d+", manifest["version"])[:2])
            return Installed(PurePosixPath(target) / package, version, programs)
    return None


def program_of(environment: Environment, folder: str, package: str, binary: str) -> PurePosixPath:
    """Where the sandbox finds a program of an installed package. Raises ToolMissing."""
    found = installed(environment, folder, package)
    path = found.programs.get(binary) if found else None
    if found is None or path is None:
        raise ToolMissing(f"{package}, which runs the tests, brings no program `{binary}`.")
    return found.folder / posixpath.normpath(path)
