"""Running the tests of a C or C++ project, in the way the project itself is built."""

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.qtest.environments import Environment, Language
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import CaseOutcome, Limits
from quantumlayer.qtest.project import file_paths
from quantumlayer.qtest.runners.native_exits import without_own_exits
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.session_runner import run_session
from quantumlayer.qtest.runners.sources import CHECKS, EMPTY_CHECKS, blanked, source_files
from quantumlayer.qtest.runners.standing import PROVES_NOTHING
from quantumlayer.qtest.sandbox import Sandbox
from quantumlayer.qtest.units import build_folders
from quantumlayer.qtest.untrusted import text_of

C_SUFFIXES = (".c",)
CPP_SUFFIXES = (".cc", ".cpp", ".cxx", ".c++")
HEADER_SUFFIXES = (".h", ".hh", ".hpp", ".hxx", ".inc")
TEST_FILE = re.compile(
    r"(^|/)tests?/|(^|/)(tests?|check|spec)([-_.][^/]*)?\.\w+$|[-_](tests?|check|spec)\.\w+$"
    r"|(^|/)[A-Z]\w*Tests?\.\w+$",
)
MAIN = re.compile(r"\b(?:int|auto)\s+main\s*\(")
MAIN_BODY = re.compile(r"\bmain\s*\([^)]*\)[^{;]*\{")
OWN_RESULT = re.compile(r"\breturn\s+(?!(?:0|EXIT_SUCCESS)\s*;)[^;]+;")
SANITIZER = "ReserveShadowMemoryRange failed"
# What builds a project, and what to say where that runs no tests and compiling by hand fails.
BUILDERS = (
    ("CMakeLists.txt", "ctest knows no tests of the project."),
    *((name, "No target of the project's Makefile runs tests.")
      for name in ("GNUmakefile", "makefile", "Makefile")),
    ("configure", "No target of the project's Makefile runs tests."),
    ("configure.ac", "The project is built with Autotools, and `autoconf` is not installed."),
    ("meson.build", "The project is built with Meson, which is not run here."),
)  # fmt: skip
MESON_TEST = re.compile(r"^\s*test\s*\(", re.MULTILINE)


async def run_native(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Build and run the project's tests. See `payload/native_session.py` for what is trusted."""
    files = dict(source_files(project, (*C_SUFFIXES, *CPP_SUFFIXES, *HEADER_SUFFIXES)))
    files |= linked_tests(project, files)
    plan = plan_for(project, files, environment.language)
    observed = await run_session("native", project, environment, sandbox, limits, plan)
    refuse_sanitizers(observed)
    by_ctest = any((project / folder / "CMakeLists.txt").is_file() for folder in plan["folders"])
    observed = replace(observed, outcome=without_own_exits(observed.outcome, files))
    return without_empty_programs(observed, files, by_ctest=by_ctest)


def linked_tests(project: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Links in the place of test programs, to files of the project that are no tests themselves."""
    found = {}
    for path in file_paths(project):
        link = project / path
        if not path.endswith((*C_SUFFIXES, *CPP_SUFFIXES)) or not link.is_symlink():
            continue
        target = os.path.relpath(os.path.realpath(link), os.path.realpath(project))
        text = "" if target.startswith("..") else text_of(project / target) or ""
        if (
            TEST_FILE.search(path)
            and MAIN.search(text)
            and not (target in files and TEST_FILE.search(target))
        ):
            found[path] = text
    return found


def refuse_sanitizers(observed: Observed) -> None:
    """An AddressSanitizer reserves terabytes, which no memory limit allows: no fault of the tests.

    Raises ToolMissing. A program that prints the same words gains no pass from it.
    """
    if any(SANITIZER in case.details for case in observed.outcome.cases):
        raise ToolMissing(
            "The tests are built with AddressSanitizer, which cannot run under the sandbox's "
            "memory limit. Build them without `-fsanitize=address` by default."
        )


def plan_for(project: Path, files: Mapping[str, str], language: Language) -> dict[str, Any]:
    """How to compile by hand what the project's own build does not test."""
    folders = build_folders(project)
    builder = next(
        (said for folder in folders for name, said in BUILDERS
         if (project / folder / name).is_file()), "",
    )  # fmt: skip
    meson = text_of(project / "meson.build") or ""
    return {
        "folders": folders,
        "programs": plain_programs(files),
        "includes": include_folders(files),
        # gcc takes each file for what its suffix says; g++ would take C for C++.
        "compiler": "gcc",
        "libraries": [*(["-lstdc++"] if language is Language.CPP else []), "-lm", "-lpthread"],
        "builder": builder,
        "unbuilt_tests": "Meson" in builder and MESON_TEST.search(meson) is not None,
    }


def include_folders(files: Mapping[str, str]) -> list[str]:
    """The folders that headers are in, and those above them: `#include <name/part.h>`."""
    folders = {
        str(folder) for path in files if is_header(path) for folder in PurePosixPath(path).parents
    }
    return sorted(folders, key=lambda folder: (-folder.count("/"), folder))


def is_header(path: str) -> bool:
    return path.endswith(HEADER_SUFFIXES)


def plain_programs(files: Mapping[str, str]) -> dict[str, list[str]]:
    """Test file → all that is compiled with it: the sources without a `main`, and itself.

    Test files without a `main` belong to those that have one. A source that a test includes is not
    compiled twice.
    """
    sources = {path: blanked(text, "c") for path, text in files.items() if not is_header(path)}
    mains = {path for path, text in sources.items() if MAIN.search(text)}
    tests = [path for path in sources if TEST_FILE.search(path)]
    programs: dict[str, list[str]] = {}
    for test in tests:
        if test in mains:
            included = set(re.findall(r'#\s*include\s+"([^"]+)"', files[test]))
            names = {Path(name).name for name in included}
            others = [
                path for path in sources
                if path not in mains and Path(path).name not in names
            ]  # fmt: skip
            programs[test] = [*others, test]
    return programs


def without_empty_programs(
    observed: Observed, files: Mapping[str, str], *, by_ctest: bool
) -> Observed:
    """Take the pass from test programs in which nothing can fail.

    `by_ctest`: tests are not called like their programs, and what they print may decide.
    """
    tests = {path: text for path, text in files.items() if TEST_FILE.search(path)}
    empty = {path for path, text in tests.items() if not can_fail(text)}
    all_empty = bool(tests) and empty == set(tests)
    empty |= set() if by_ctest else empty_programs(files)
    cases = tuple(
        case.model_copy(update={"outcome": CaseOutcome.SKIPPED, "message": PROVES_NOTHING})
        if case.outcome is CaseOutcome.PASSED
        and (all_empty or case.name in empty or Path(case.name).name in empty)
        else case
        for case in observed.outcome.cases
    )
    return replace(observed, outcome=replace(observed.outcome, cases=cases))


def empty_programs(files: Mapping[str, str]) -> set[str]:
    """What Make calls the programs in which nothing can fail: like the sources of their `main`.

    None where a part of them may check.
    """
    parts = (text for text in files.values() if not MAIN.search(text))
    if any(map(has_checks, parts)):
        return set()
    mains = {path: text for path, text in files.items() if MAIN.search(text)}
    able = {Path(path).stem for path, text in mains.items() if can_fail(text)}
    return {Path(path).stem for path in mains} - able


def has_checks(content: str) -> bool:
    text = EMPTY_CHECKS["c"].sub(" ", blanked(content, "c"))
    return CHECKS["c"].search(text) is not None


def can_fail(content: str) -> bool:
    """Whether a test file holds a check, or a `main` whose result depends on something."""
    if has_checks(content):
        return True
    text = EMPTY_CHECKS["c"].sub(" ", blanked(content, "c"))
    main = MAIN_BODY.search(text)
    return main is None or OWN_RESULT.search(text, main.end()) is not None
