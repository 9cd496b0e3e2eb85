"""Installing a Python environment with uv; loaded only where one is not in the cache yet."""

import asyncio
import re
import shutil
from pathlib import Path

import uv

from quantumlayer.manifests import Ecosystem
from quantumlayer.qtest.environments.access import python_access
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.interpreters import Interpreter
from quantumlayer.qtest.environments.python import TARGET
from quantumlayer.qtest.environments.unobtainable import (
    LONGEST_REASON,
    asked_for,
    not_to_be_had,
)
from quantumlayer.qtest.errors import DependencyError, Fault, ToolMissing
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox import Mount

DOWNLOADS = ".downloads"

# What shows from the project's own lines: no registry has a say in it.
MALFORMED = re.compile(r"couldn't parse", re.IGNORECASE)
CONTRADICTORY = re.compile(r"\bcause: Because you require (?P<what>.*) unsatisfiable", re.DOTALL)
ANSWERED = re.compile(r"No solution found|not found in the package registry|[Hh]ash mismatch")
# What there is, but not for this machine, or not without running its build.
NOT_HERE = re.compile(
    r"\bha(?:s|ve) no (?:\w+ )?wheels|no wheels? (?:with|for)"
    r"|building source distributions (?:\w+ )?is disabled"
    r"|the current Python version \([\d.]+\) does not satisfy",
    re.IGNORECASE,
)
OF_REGISTRIES = re.compile(r"\bdepends on\b|available|not found|there (?:is|are) no\b|And because")


class InstallerFailed(Exception):  # noqa: N818 - it says what happened
    """The installer ended badly; the text is all that it said."""


async def installed(
    requirements: str,
    folder: Path,
    cache: Path,
    constraints: str,
    interpreter: Interpreter,
    project: Path | None,
) -> None:
    """Installs, or raises DependencyError with the line of `project` that cannot be had."""
    try:
        await install(requirements, folder, cache, constraints, interpreter)
    except InstallerFailed as failed:
        raise await asyncio.to_thread(explained, str(failed), project) from failed


async def install(
    requirements: str, folder: Path, cache: Path, constraints: str, interpreter: Interpreter
) -> None:
    """Make a virtual environment in an empty folder.

    Its interpreter is asked about itself while nothing is installed, and never started again here:
    a package's `.pth` file would run with it. Downloads are of this installation alone, so that
    nothing can be left in them for another one.
    """
    listing, held = folder / "requirements.txt", folder / "constraints.txt"
    listing.write_text(requirements)
    held.write_text(constraints)
    program = uv_program()
    access = await python_access(program, uv_version(), cache)
    make = ["venv", "--quiet", "--allow-existing", "--relocatable", "--no-project"]
    mounts = interpreter.mounts()
    asked = ["--python", str(interpreter.executable), "."]
    await uv_step([program, *make, *asked], folder, access, mounts)
    add = ["pip", "install", "--quiet", "--only-binary", ":all:"]
    python = str(folder / "bin" / "python")
    lists = ["--requirements", str(listing), "--constraints", str(held)]
    await uv_step([program, *add, "--python", python, *lists], folder, access, mounts)
    await asyncio.to_thread(shutil.rmtree, folder / DOWNLOADS)
    await compile_bytecode(folder, interpreter)


async def compile_bytecode(folder: Path, interpreter: Interpreter) -> None:
    """Compile what was installed: nothing can be written to it later, when a sandbox reads it.

    By the base interpreter, which reads no `.pth` file. Files that do not compile stay as they are:
    packages bring templates and code for other versions.
    """
    command = [str(interpreter.executable), "-I", "-S", "-W", "ignore", "-m", "compileall", "-q"]
    places = ["-j", "0", "-s", str(folder), "-p", str(TARGET), str(folder / "lib")]
    await run_installer([*command, *places], folder=folder, reads=interpreter.mounts())


def uv_program() -> str:
    """The installer that comes with this package."""
    try:
        return uv.find_uv_bin()
    except FileNotFoundError as error:
        raise ToolMissing(
            "The installer `uv` is missing. Install it with `pip install uv`, then try again."
        ) from error


def uv_version() -> str:
    """Its version."""
    # Slow to load, and wanted only where something is installed.
    from importlib.metadata import version  # noqa: PLC0415 - slow to load

    return version("uv")


async def uv_step(
    command: list[str], folder: Path, access: Access, mounts: tuple[Mount, ...]
) -> None:
    downloads = {"UV_CACHE_DIR": str(folder / DOWNLOADS)}
    status, output = await run_installer(
        command, folder=folder, environment=downloads, access=access, reads=mounts
    )
    if status != 0:
        raise InstallerFailed(output)


def explained(output: str, project: Path | None) -> DependencyError:
    """The installer's complaint, with the question answered whose fault it is."""
    reason = complaint(output)
    wanted = asked_for(output, project, Ecosystem.PYPI) if project else None
    if is_own_fault(output):
        place = f"{wanted.place}: " if wanted else ""
        message = f"{place}The dependencies cannot be installed: {reason}"
        return DependencyError(message, fault=Fault.PROJECT, output=output)
    answered = ANSWERED.search(output) is not None and not NOT_HERE.search(output)
    return not_to_be_had(reason, output, answered=answered, wanted=wanted)


def is_own_fault(output: str) -> bool:
    """Whether the requirements are malformed, or contradict each other whatever there is."""
    against = CONTRADICTORY.search(output)
    if against is not None and not OF_REGISTRIES.search(against["what"]):
        return True
    return MALFORMED.search(output) is not None


def complaint(output: str) -> str:
    """What uv says is wrong, as one line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    words = " ".join(lines or ["uv said nothing"])
    return words.removeprefix("error: ").replace(" cause: ", ": ")[:LONGEST_REASON]
