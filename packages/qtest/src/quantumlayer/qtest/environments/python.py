"""Python environments: wheels only, installed by uv, cached by what was asked for."""

import asyncio
import hashlib
import platform
import re
import shutil
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import uv

from quantumlayer.qtest.environments.access import python_access
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.requirements import names_in
from quantumlayer.qtest.errors import DependencyError, Fault, ToolMissing
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import base_interpreter

TARGET = PurePosixPath("/opt/environment")
LONGEST_REASON = 500
DOWNLOADS = ".downloads"
RECIPE = "2"  # raise it when the way of building changes
TOOLS = {"pytest": "pytest>=8,<10", "coverage": "coverage>=7.6,<8"}

UNOBTAINABLE = re.compile(
    r"was not found in the package registry|there (?:is|are) no versions? of|no solution found"
    r"|has no (?:usable )?wheels|hash mismatch|no matching distribution|couldn't parse",
    re.IGNORECASE,
)


async def python_environment(requirements: str, cache: Path) -> Environment:
    """The environment for normalised requirement lines, built unless it is cached.

    Raises DependencyError.
    """
    wanted = requirements + "".join(
        f"{line}\n" for name, line in TOOLS.items() if name not in names_in(requirements)
    )
    key = environment_key(wanted)

    async def build(folder: Path) -> None:
        await install(wanted, folder, cache)

    folder = await build_once(environment_folder(cache, key), build)
    return Environment(
        language=Language.PYTHON,
        key=key,
        folder=folder,
        mounts=(Mount(source=folder, target=TARGET),),
        executable=TARGET / "bin" / "python",
    )


def environment_key(requirements: str) -> str:
    """sha256 over the requirements and everything else that the installed files depend on."""
    parts = (
        RECIPE,
        platform.python_implementation(),
        platform.python_version(),
        str(base_interpreter()),
        platform.machine(),
        requirements,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


async def install(requirements: str, folder: Path, cache: Path) -> None:
    """Make a virtual environment in an empty folder.

    Its interpreter is asked about itself while nothing is installed, and never started again here:
    a package's `.pth` file would run with it. Downloads are of this installation alone, so that
    nothing can be left in them for another one.
    """
    listing = folder / "requirements.txt"
    listing.write_text(requirements)
    program = uv_program()
    access = await python_access(program, version("uv"), cache)
    make = ["venv", "--quiet", "--allow-existing", "--relocatable", "--no-project"]
    await uv_step([program, *make, "--python", str(base_interpreter()), "."], folder, access)
    add = ["pip", "install", "--quiet", "--only-binary", ":all:"]
    python = str(folder / "bin" / "python")
    await uv_step(
        [program, *add, "--python", python, "--requirements", str(listing)], folder, access
    )
    await asyncio.to_thread(shutil.rmtree, folder / DOWNLOADS)
    await compile_bytecode(folder)


async def compile_bytecode(folder: Path) -> None:
    """Compile what was installed: nothing can be written to it later, when a sandbox reads it.

    By the base interpreter, which reads no `.pth` file. Files that do not compile stay as they are:
    packages bring templates and code for other versions.
    """
    command = [str(base_interpreter()), "-I", "-S", "-W", "ignore", "-m", "compileall", "-q"]
    places = ["-j", "0", "-s", str(folder), "-p", str(TARGET), str(folder / "lib")]
    await run_installer([*command, *places], folder=folder)


def uv_program() -> str:
    """The installer that comes with this package."""
    try:
        return uv.find_uv_bin()
    except FileNotFoundError as error:
        raise ToolMissing(
            "The installer `uv` is missing. Install it with `pip install uv`, then try again."
        ) from error


async def uv_step(command: list[str], folder: Path, access: Access) -> None:
    downloads = {"UV_CACHE_DIR": str(folder / DOWNLOADS)}
    status, output = await run_installer(
        command, folder=folder, environment=downloads, access=access
    )
    if status != 0:
        raise explained(output)


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
