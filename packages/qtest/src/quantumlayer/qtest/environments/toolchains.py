"""Asking the machine's toolchains where they live, and saying how to get one that is absent."""

import functools
import shutil
import subprocess
from pathlib import Path, PurePosixPath

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import covered, same_place

ADVICE = {
    "go": "Install Go 1.21 or later (`apt-get install golang-go`, or from go.dev)",
    "cargo": "Install Rust (`apt-get install cargo rustc`, or rustup from rust-lang.org)",
    "rustc": "Install Rust (`apt-get install cargo rustc`, or rustup from rust-lang.org)",
    "javac": "Install a Java development kit, 11 or later (`apt-get install default-jdk-headless`)",
    "java": "Install a Java development kit, 11 or later (`apt-get install default-jdk-headless`)",
    "mvn": "Install Maven (`apt-get install maven`)",
    "gcc": "Install a C compiler (`apt-get install gcc`)",
    "g++": "Install a C++ compiler (`apt-get install g++`)",
    "make": "Install Make (`apt-get install make`)",
    "cmake": "Install CMake (`apt-get install cmake`)",
    "ctest": "Install CMake, which brings ctest (`apt-get install cmake`)",
}
ASK_SECONDS = 60.0
# What a tool needs to find its own parts and the settings of the user who runs us.
ASKED_WITH = (Group.BASE, Group.TOOLCHAINS, Group.NPM_REGISTRY, Group.GO_REGISTRY)


def require(tool: str, purpose: str) -> Path:
    """The path of a tool. Raises ToolMissing, which says how to get it."""
    found = shutil.which(tool)
    if found is None:
        raise ToolMissing(
            f"`{tool}` is not installed: {purpose} cannot run. {ADVICE[tool]}, "
            "then run `quantumlayer doctor`."
        )
    return Path(found)


def ask(*command: str) -> str:
    """What a tool answers, once a process and a setting of this machine."""
    environment = child_environment(*ASKED_WITH, GOFLAGS="", GOTOOLCHAIN="local")
    return answered(command, tuple(sorted(environment.items())))


@functools.cache
def answered(command: tuple[str, ...], environment: tuple[tuple[str, str], ...]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, capture_output=True, text=True, check=True, timeout=ASK_SECONDS, cwd="/",
            env=dict(environment),
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolMissing(f"`{' '.join(command)}` does not work here: {error}") from error
    return done.stdout.strip()


def shown(folder: Path, target: PurePosixPath) -> tuple[PurePosixPath, tuple[Mount, ...]]:
    """Where a sandbox finds a folder, and the mount that takes: none for the distribution's own."""
    real = folder.resolve()
    if covered(real):
        return PurePosixPath(real), ()
    return target, (Mount(source=real, target=target),)


def present(*folders: str) -> tuple[Mount, ...]:
    """The folders of this machine that exist, each at its own place."""
    return tuple(same_place(Path(folder)) for folder in folders if Path(folder).is_dir())
