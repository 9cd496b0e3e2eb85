"""Tests a C or C++ project inside the sandbox: with CMake, with Make, or by plain compilation.

There is no common test library, so the evidence is the end of each test program. It passes only if
its exit status is 0 and its own `main` has returned 0, which the guard inside of it says with a
secret (see `witness`); a test program that leaves through `exit` has therefore not passed, wherever
the call stands. With CMake the list of tests is ctest's own, read before any of them runs. Asserts
are kept: nothing is built with NDEBUG unless the project insists. Output that says "FAIL" in so
many words is a failure whatever the status.

What the project says of building is tried first; where that knows no tests, the next way is tried.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from quantumlayer.qtest.payload.ctest_words import listed
from quantumlayer.qtest.payload.make_rules import rules_of
from quantumlayer.qtest.payload.native_ctest import run_tests
from quantumlayer.qtest.payload.native_make import run_make
from quantumlayer.qtest.payload.native_output import build_step, refuse
from quantumlayer.qtest.payload.native_plain import plainly
from quantumlayer.qtest.payload.native_products import take_as_built
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import Finished
from quantumlayer.qtest.payload.witness import Witness

BUILD = "/tmp/build"  # noqa: S108 - the sandbox's own
MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
# What a project's own options for building its tests are called.
TEST_OPTION = re.compile(
    r"^(?P<name>\w*TEST\w*):BOOL=(?:OFF|NO|FALSE|0|N)$", re.MULTILINE | re.IGNORECASE
)


def session(project: Session) -> None:
    """Build and test in the way the project itself is built, in each folder that says how."""
    with Witness() as witness:
        found, failed = False, list[Finished]()
        for number, name in enumerate(project.plan["folders"]):
            folder = os.path.normpath(os.path.join(project.workspace, name))  # noqa: PTH118 - a path of the sandbox, as text
            told = with_cmake(project, witness, folder, f"{BUILD}{number or ''}")
            take_as_built(project)
            if told is not True:
                made = with_make(project, witness, folder, only_tests=bool(told))
                if isinstance(told, Finished) and made is not True:
                    refuse(project, told)
                elif isinstance(made, Finished):
                    failed.append(made)
                    told = False
                else:
                    told = made
            found |= bool(told)
        if failed and not found:
            refuse(project, failed[0])
        elif not found:
            plainly(project, witness)


def with_cmake(project: Session, witness: Witness, folder: str, build: str) -> bool | Finished:
    """Configure, build, ask ctest for the list, then have it run the tests; whether it told of any.

    Gives the step of the build that failed, where one did. `build` is the folder that is built in.
    """
    if not Path(folder, "CMakeLists.txt").is_file():
        return False
    done = configured(folder, build, [])
    if done.status != 0:
        return done
    if not listed(build):
        options = TEST_OPTION.findall(Path(build, "CMakeCache.txt").read_text(errors="replace"))
        wanted = [name for name in options if not name.startswith(("CMAKE_", "CTEST_"))]
        switched = [f"-D{name}=ON" for name in wanted]
        done = configured(folder, build, switched) if wanted else done
    if done.status == 0:
        done = build_step(["cmake", "--build", build, "-j", "2"], folder)
    if done.status != 0:
        return done
    tests = listed(build)
    if tests:
        run_tests(project, witness, tests, build)
        return True
    rules = rules_of(build)
    if "check" not in rules.needs:
        return False
    return run_make(project, witness, build, rules)


def configured(folder: str, build: str, options: Sequence[str]) -> Finished:
    """Configure with CMake."""
    optimised = [
        f"-DCMAKE_{language}_FLAGS_{kind}=-O1 -g"
        for language in ("C", "CXX")
        for kind in ("RELEASE", "RELWITHDEBINFO", "MINSIZEREL")
    ]
    command = ["cmake", "-S", folder, "-B", build, "-DCMAKE_BUILD_TYPE=Debug"]
    command += ["-DBUILD_TESTING=ON", "-DFETCHCONTENT_QUIET=OFF", *optimised]
    return build_step([*command, "-G", "Unix Makefiles", *options], folder)


def with_make(
    project: Session, witness: Witness, folder: str, *, only_tests: bool
) -> bool | Finished:
    """The targets of Make that run tests, after `configure` where that makes the Makefile.

    Gives the step that failed, where one did. `only_tests`: nothing else is of interest, because
    another build has failed already.
    """
    rules = rules_of(folder) if has_makefile(folder) else None
    unfinished = rules is None or rules.trouble or Path(folder, "Makefile.in").is_file()
    if unfinished and can_be_configured(folder):
        for command in configuring(folder):
            done = build_step(command, folder)
            if done.status != 0:
                return done
        rules = rules_of(folder) if has_makefile(folder) else None
    if rules is None or (only_tests and not rules.targets()):
        return False
    if rules.trouble:
        return rules.trouble
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
