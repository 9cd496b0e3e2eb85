"""Python environments: wheels only, installed by uv, cached by what was asked for."""

import hashlib
import platform
import re
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import normalised
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.interpreters import Interpreter, own_interpreter
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.sandbox import Mount

TARGET = PurePosixPath("/opt/environment")
RECIPE = "2"  # raise it when the way of building changes
TOOLS = {"pytest": "pytest>=8,<10", "coverage": "coverage>=7.6,<8"}


async def python_environment(
    requirements: str,
    cache: Path,
    *,
    constraints: str = "",
    interpreter: Interpreter | None = None,
    project: Path | None = None,
) -> Environment:
    """The environment for normalised requirement lines, built unless it is cached.

    `constraints` hold for whatever is installed. Raises DependencyError, with the line of the
    manifest in `project` that asks for what cannot be had.
    """
    python = interpreter or own_interpreter()
    named, held = names_in(requirements), names_in(constraints)
    wanted = requirements + "".join(
        f"{name if name in held else line}\n" for name, line in TOOLS.items() if name not in named
    )
    key = environment_key(wanted, constraints, python)

    async def build(folder: Path) -> None:
        # The network's modules and the installer's are slow to load.
        from quantumlayer.qtest.environments.uv_installation import (  # noqa: PLC0415 - as said
            installed,
        )

        await installed(wanted, folder, cache, constraints, python, project)

    folder = await build_once(environment_folder(cache, key), build)
    return Environment(
        language=Language.PYTHON,
        key=key,
        folder=folder,
        mounts=(Mount(source=folder, target=TARGET),),
        executable=TARGET / "bin" / "python",
    )


def names_in(requirements: str) -> frozenset[str]:
    """The canonical names of the packages in normalised requirements."""
    found = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in requirements.splitlines())
    return frozenset(normalised(match[0]) for match in found if match)


def environment_key(requirements: str, constraints: str, interpreter: Interpreter) -> str:
    """sha256 over the requirements and everything else that the installed files depend on."""
    parts = (
        RECIPE,
        platform.python_implementation(),
        interpreter.version,
        str(interpreter.executable),
        platform.machine(),
        requirements,
        constraints,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
