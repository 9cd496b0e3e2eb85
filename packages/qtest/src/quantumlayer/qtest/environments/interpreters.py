"""The Pythons of this machine that tests can run with."""

import functools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quantumlayer.manifests import PythonVersion
from quantumlayer.processes import child_environment
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import base_interpreter, covered, same_place

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

# What our own half of a test session is written for.
OLDEST = (3, 11)
LATEST = 100
NAMED = re.compile(r"^python3\.(?P<minor>\d+)$")
ASKED_SECONDS = 10.0
ASK = "import sys; print('.'.join(map(str, sys.version_info[:3])), sys.base_prefix)"
ELF = b"\x7fELF"


@dataclass(frozen=True)
class Interpreter:
    """A Python with its version, and the folder it is installed in."""

    executable: Path
    version: str
    prefix: Path

    def mounts(self) -> tuple[Mount, ...]:
        """What a sandbox must see of it, beside the distribution and our own interpreter."""
        folders = [self.prefix / name for name in ("bin", "lib", "lib64")]
        return tuple(same_place(one) for one in folders if one.is_dir() and not covered(one))


def own_interpreter() -> Interpreter:
    """The one that runs this code; every sandbox shows it."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Interpreter(base_interpreter(), version, Path(sys.base_prefix).resolve())


def interpreter_for(asked: PythonVersion) -> Interpreter:
    """One that the project accepts: our own when it does, else the oldest that does.

    Where none does, our own if it is too new rather than too old. Raises DependencyError, of nobody
    but the machine, that names both versions.
    """
    own = own_interpreter()
    if not asked.specifier:
        return own
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - slow to load

    try:
        accepted = SpecifierSet(asked.specifier)
    except InvalidSpecifier:
        return own
    if accepted.contains(own.version, prereleases=True):
        return own
    others = [one for one in other_interpreters() if accepted.contains(one.version)]
    if others:
        return min(others, key=lambda one: tuple(map(int, one.version.split("."))))
    if too_old(own.version, accepted):
        place = f"{asked.path}:{asked.line}" if asked.line else asked.path
        raise DependencyError(
            f"Nothing was tested: the project asks for Python {asked.specifier} ({place}), and "
            f"this machine has Python {own.version}.",
            fault=Fault.INFRASTRUCTURE,
        )
    return own


def too_old(version: str, accepted: "SpecifierSet") -> bool:
    """Whether a version is below all that is accepted, or nothing like it is accepted at all."""
    own = int(version.split(".")[1])
    minors = [
        minor for minor in range(LATEST) if accepted.contains(f"3.{minor}.999", prereleases=True)
    ]
    return not minors or min(minors) > own


@functools.cache
def other_interpreters() -> tuple[Interpreter, ...]:
    """Every other Python that is installed where people install them, each version once."""
    found: dict[str, Interpreter] = {}
    for path in candidates():
        match = NAMED.match(path.name)
        if match is None or (3, int(match["minor"])) < OLDEST:
            continue
        one = asked_of(path.resolve())
        if one is not None:
            found.setdefault(one.version, one)
    return tuple(found.values())


def candidates() -> Iterator[Path]:
    """Programs that are called like a Python, on the path and where pyenv and uv put them."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    of_uv = Path.home() / ".local" / "share" / "uv" / "python"
    places = [Path(one) for one in os.environ.get("PATH", "").split(os.pathsep) if one]
    for root in (pyenv, of_uv, Path("/opt/python")):
        places += sorted(root.glob("*/bin"))
    for place in places:
        yield from sorted(place.glob("python3.*"))


def asked_of(program: Path) -> Interpreter | None:
    """What a program says of itself; None for scripts, and for what does not answer.

    Only the machine's own programs are asked, isolated from all settings.
    """
    try:
        with program.open("rb") as stream:
            if stream.read(len(ELF)) != ELF:
                return None
        said = subprocess.run(  # noqa: S603 - an installed interpreter, with a program of ours
            [str(program), "-I", "-S", "-c", ASK],
            capture_output=True,
            text=True,
            timeout=ASKED_SECONDS,
            check=True,
            env=child_environment(),
        ).stdout.split(maxsplit=1)
    except (OSError, subprocess.SubprocessError):
        return None
    prefix = Path(said[1].strip()).resolve()
    personal = prefix in (Path("/"), Path.home(), *Path.home().parents)
    return None if personal else Interpreter(program, said[0], prefix)
