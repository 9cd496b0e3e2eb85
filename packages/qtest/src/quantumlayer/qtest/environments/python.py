"""Python environments: wheels only, installed by uv, cached by what was asked for."""

import hashlib
import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import uv
from packaging.utils import canonicalize_name

from quantumlayer.qtest.environments.building import build_once, environment_folder, run_installer
from quantumlayer.qtest.environments.interpreters import Interpreter, own_interpreter
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.errors import DependencyError, Fault, ToolMissing
from quantumlayer.qtest.sandbox import Mount

TARGET = PurePosixPath("/opt/environment")
LONGEST_REASON = 500
RECIPE = "1"  # raise it when the way of building changes
TOOLS = {"pytest": "pytest>=8,<10", "coverage": "coverage>=7.6,<8"}

UNOBTAINABLE = re.compile(
    r"was not found in the package registry|there (?:is|are) no versions? of|no solution found"
    r"|has no (?:usable )?wheels|hash mismatch|no matching distribution|couldn't parse",
    re.IGNORECASE,
)


async def python_environment(
    requirements: str,
    cache: Path,
    *,
    constraints: str = "",
    interpreter: Interpreter | None = None,
) -> Environment:
    """The environment for normalised requirement lines, built unless it is cached.

    `constraints` hold for whatever is installed. Raises DependencyError.
    """
    python = interpreter or own_interpreter()
    named, held = names_in(requirements), names_in(constraints)
    wanted = requirements + "".join(
        f"{name if name in held else line}\n" for name, line in TOOLS.items() if name not in named
    )
    key = environment_key(wanted, constraints, python)

    async def build(folder: Path) -> None:
        await install(wanted, folder, constraints, python.executable)

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
    return frozenset(canonicalize_name(match[0]) for match in found if match)


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


async def install(requirements: str, folder: Path, constraints: str, interpreter: Path) -> None:
    """Make a virtual environment in an empty folder.

    Its bytecode is compiled now: nothing can be written to it later, when a sandbox reads it.
    """
    listing, held = folder / "requirements.txt", folder / "constraints.txt"
    listing.write_text(requirements)
    held.write_text(constraints)
    program = uv_program()
    make = ["venv", "--quiet", "--allow-existing", "--relocatable", "--no-project"]
    await uv_step([program, *make, "--python", str(interpreter), "."], folder)
    add = ["pip", "install", "--quiet", "--only-binary", ":all:", "--compile-bytecode"]
    python = str(folder / "bin" / "python")
    lists = ["--requirements", str(listing), "--constraints", str(held)]
    await uv_step([program, *add, "--python", python, *lists], folder)


def uv_program() -> str:
    """The installer that comes with this package."""
    try:
        return uv.find_uv_bin()
    except FileNotFoundError as error:
        raise ToolMissing(
            "The installer `uv` is missing. Install it with `pip install uv`, then try again."
        ) from error


async def uv_step(command: list[str], folder: Path) -> None:
    status, output = await run_installer(command, folder=folder, environment=uv_environment())
    if status != 0:
        raise explained(output)


def uv_environment() -> Mapping[str, str]:
    """This machine's settings (proxies, mirrors), without a surrounding virtual environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kept.pop("VIRTUAL_ENV", None)
    return {**kept, "UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"}


def explained(output: str) -> DependencyError:
    """The installer's complaint, with the question answered whose fault it is."""
    asked_for_too_much = UNOBTAINABLE.search(output) is not None
    fault = Fault.PROJECT if asked_for_too_much else Fault.INFRASTRUCTURE
    beginning = "The dependencies" if asked_for_too_much else "Nothing was tested: dependencies"
    reason = complaint(output)
    return DependencyError(f"{beginning} cannot be installed: {reason}", fault=fault, output=output)


def complaint(output: str) -> str:
    """The lines of uv's output that say what is wrong, as one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    causes = [line.removeprefix("cause: ") for line in lines if line.startswith("cause: ")]
    heading = (lines or ["uv said nothing"])[0].removeprefix("error: ")
    return ": ".join([heading, *causes])[:LONGEST_REASON]
