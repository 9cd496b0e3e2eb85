"""Tests a C or C++ project inside the sandbox: with CMake, with Make, or by plain compilation.

There is no common test library, so the evidence is the end of each test program. It passes only if
its exit status is 0 and its own `main` has returned 0, which the guard inside of it says with a
secret (see `witness`); a test program that leaves through `exit` has therefore not passed, wherever
the call stands. With CMake the list of tests is ctest's own, read before any of them runs. Asserts
are kept: nothing is built with NDEBUG unless the project insists. Output that says "FAIL" in so
many words is a failure whatever the status.

What the project says of building is tried first; where that knows no tests, the next way is tried.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from quantumlayer.qtest.payload.native_ctest import listed, run_tests
from quantumlayer.qtest.payload.native_make import rules_of, run_make
from quantumlayer.qtest.payload.native_output import build_step, refuse
from quantumlayer.qtest.payload.native_plain import plainly
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.witness import Witness

BUILD = "/tmp/build"  # noqa: S108 - the sandbox's own
MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
# What a project's own options for building its tests are called.
TEST_OPTION = re.compile(
    r"^(?P<name>\w*TEST\w*):BOOL=(?:OFF|NO|FALSE|0|N)$", re.MULTILINE | re.IGNORECASE
)


def session(project: Session) -> None:
    """Build and test in the way the project itself is built."""
    with Witness() as witness:
        for way in (with_cmake, with_make, plainly):
            if way(project, witness):
                return


def with_cmake(project: Session, witness: Witness) -> bool:
    """Configure, build, ask ctest for the list, then have it run one test after the other."""
    if not Path(project.workspace, "CMakeLists.txt").is_file():
        return False
    if not configured(project, []):
        return True
    if not listed(BUILD):
        options = TEST_OPTION.findall(Path(BUILD, "CMakeCache.txt").read_text(errors="replace"))
        wanted = [name for name in options if not name.startswith(("CMAKE_", "CTEST_"))]
        if wanted and not configured(project, [f"-D{name}=ON" for name in wanted]):
            return True
    if not build_step(project, ["cmake", "--build", BUILD, "-j", "2"], project.workspace):
        return True
    project.check_sources()
    tests = listed(BUILD)
    if tests:
        run_tests(project, witness, tests, BUILD)
        return True
    rules = rules_of(BUILD)
    return "check" in rules.needs and run_make(project, witness, BUILD, rules)


def configured(project: Session, options: Sequence[str]) -> bool:
    """Configure with CMake; whether it worked."""
    optimised = [
        f"-DCMAKE_{language}_FLAGS_{kind}=-O1 -g"
        for language in ("C", "CXX")
        for kind in ("RELEASE", "RELWITHDEBINFO", "MINSIZEREL")
    ]
    command = ["cmake", "-S", project.workspace, "-B", BUILD, "-DCMAKE_BUILD_TYPE=Debug"]
    command += [
        "-DBUILD_TESTING=ON",
        "-DFETCHCONTENT_QUIET=OFF",
        *optimised,
        "-G",
        "Unix Makefiles",
    ]
    return build_step(project, [*command, *options], project.workspace)


def with_make(project: Session, witness: Witness) -> bool:
    """The targets of Make that run tests, after `configure` where that makes the Makefile."""
    folder = project.workspace
    rules = rules_of(folder) if has_makefile(folder) else None
    if (rules is None or rules.trouble) and can_be_configured(folder):
        for command in configuring(folder):
            if not build_step(project, command, folder):
                return True
        rules = rules_of(folder) if has_makefile(folder) else None
    if rules is None:
        return False
    if rules.trouble:
        refuse(project, rules.trouble)
        return True
    return run_make(project, witness, folder, rules)


def has_makefile(folder: str) -> bool:
    return any(Path(folder, name).is_file() for name in MAKEFILES)


def can_be_configured(folder: str) -> bool:
    made = Path(folder, "configure.ac").is_file() and shutil.which("autoreconf")
    return Path(folder, "configure").is_file() or bool(made)


def configuring(folder: str) -> Iterator[list[str]]:
    """The commands that make a Makefile."""
    if not Path(folder, "configure").is_file():
        yield ["autoreconf", "-fi"]
    yield ["sh", "./configure"]
