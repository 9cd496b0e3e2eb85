"""What kind of project a folder holds: a table of languages, and what counts as a test in each."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quantumlayer.manifests import is_ignored_by_go
from quantumlayer.qtest import untrusted
from quantumlayer.qtest.environments import Language
from quantumlayer.qtest.sandbox.inside import NOT_COPIED

MOST_FILES = 20_000
LARGEST_FILE = 1024 * 1024
ANYTHING = re.compile("")
NOTHING = re.compile(r"$^")
# Samples that tests read are no tests of the project.
SAMPLES = frozenset({"fixtures", "testdata", "test_data", "__fixtures__", "vendor", "third_party"})
C_TEST = (
    r"(^|/)tests?/[^/]+\.{0}$|(^|/)(tests?|check|spec)([-_.][^/]*)?\.{0}$"
    r"|[-_](tests?|check|spec)\.{0}$|(^|/)[A-Z]\w*Tests?\.{0}$"
)


@dataclass(frozen=True)
class Shape:
    """How a language shows in a project.

    A file is a test when its path matches `test` and its text `content`. `markers` are the files of
    its build tools; `declares` is what they say when they can run tests without any test file.
    """

    suffixes: tuple[str, ...]
    test: re.Pattern[str]
    content: re.Pattern[str] = ANYTHING
    markers: tuple[str, ...] = ()
    declares: Mapping[str, re.Pattern[str]] = field(default_factory=dict)


BUILD_TESTS: Mapping[str, re.Pattern[str]] = {
    "CMakeLists.txt": re.compile(
        r"\b(add_test|gtest_discover_tests|catch_discover_tests)\s*\(", re.IGNORECASE
    ),
    **dict.fromkeys(
        ("Makefile", "makefile", "GNUmakefile"),
        re.compile(r"^(?:[^\s#:=][^#:=\n]*\s)?(tests?|check)(?:\s[^#:=\n]*)?:(?!=)", re.MULTILINE),
    ),
}
SHAPES: Mapping[Language, Shape] = {
    Language.PYTHON: Shape(
        suffixes=(".py",),
        test=re.compile(r"(^|/)(test_[^/]*|[^/]*_test)\.py$"),
        markers=(
            "pyproject.toml", "requirements.txt", "requirements-dev.txt", "setup.cfg", "setup.py",
        ),
    ),
    Language.TYPESCRIPT: Shape(
        suffixes=(".ts", ".mts", ".cts", ".tsx"),
        test=re.compile(r"[-_.](test|spec)\.[cm]?tsx?$|(^|/)__tests__/[^/]*(?<!\.d)\.[cm]?tsx?$"),
        markers=("tsconfig.json",),
    ),
    Language.JAVASCRIPT: Shape(
        suffixes=(".js", ".mjs", ".cjs"),
        test=re.compile(r"(^|/)(test([-_.][^/]*)?|[^/]*[-_.](test|spec))\.[cm]?js$"),
        markers=("package.json",),
    ),
    Language.GO: Shape(
        suffixes=(".go",), test=re.compile(r"_test\.go$"), markers=("go.mod", "go.work")
    ),
    Language.RUST: Shape(
        suffixes=(".rs",),
        test=re.compile(r"\.rs$"),
        content=re.compile(
            r"#\[\s*(\w+::)*(test|rstest|test_case|quickcheck)\b|^\s*//[/!]\s*```\s*$", re.MULTILINE
        ),
        markers=("Cargo.toml",),
    ),
    Language.JAVA: Shape(
        suffixes=(".java",),
        test=re.compile(r"\.java$"),
        content=re.compile(
            r"@(org\.junit\.[\w.]*)?(Test|ParameterizedTest|RepeatedTest|TestFactory)\b"
        ),
        markers=("pom.xml", "build.gradle", "build.gradle.kts"),
    ),
    Language.C: Shape(
        suffixes=(".c",), test=re.compile(C_TEST.format("c")), markers=tuple(BUILD_TESTS),
        declares=BUILD_TESTS,
    ),
    Language.CPP: Shape(
        suffixes=(".cc", ".cpp", ".cxx"), test=re.compile(C_TEST.format("(cc|cpp|cxx)")),
        markers=tuple(BUILD_TESTS), declares=BUILD_TESTS,
    ),
}  # fmt: skip
SCRIPTED = (Language.PYTHON, Language.TYPESCRIPT, Language.JAVASCRIPT)


def detect_languages(project: Path) -> tuple[Language, ...]:
    """Every language that has tests here; without any, the one language the project is written in.

    Empty when the folder holds nothing that could be tested. Node runs the JavaScript tests of a
    TypeScript project along with the others, and C++ test programs are built together with C.
    """
    paths = list(file_paths(project))
    names = {path for path in paths if "/" not in path}
    tested = {language for language in SHAPES if has_tests(project, paths, SHAPES[language])}
    marked = {
        language
        for language in tested
        if language in SCRIPTED or names & set(SHAPES[language].markers)
    }
    found = marked or tested
    if not found:
        found = {
            language
            for language, shape in SHAPES.items()
            if declares_tests(project, shape)
            and any(path.endswith(shape.suffixes) for path in paths)
        }
    for stronger, weaker in (
        (Language.TYPESCRIPT, Language.JAVASCRIPT),
        (Language.CPP, Language.C),
    ):
        if stronger in found:
            found.discard(weaker)
    if Language.C in found and any(path.endswith(SHAPES[Language.CPP].suffixes) for path in paths):
        found = (found - {Language.C}) | {Language.CPP}
    return tuple(language for language in SHAPES if language in found) or untested(paths, names)


def detect_language(project: Path) -> Language | None:
    """The first of `detect_languages`, or None."""
    return next(iter(detect_languages(project)), None)


def has_tests(project: Path, paths: list[str], shape: Shape) -> bool:
    """Whether a file that its path makes a test also reads like one."""
    candidates = (
        path
        for path in paths
        if path.endswith(shape.suffixes)
        and shape.test.search(path)
        and not SAMPLES & set(path.split("/")[:-1])
        and not (path.endswith(".go") and is_ignored_by_go(path, text_of(project / path)))
    )
    if shape.content is ANYTHING:
        return any(True for _ in candidates)
    return any(shape.content.search(text_of(project / path)) for path in candidates)


def declares_tests(project: Path, shape: Shape) -> bool:
    return any(pattern.search(text_of(project / name)) for name, pattern in shape.declares.items())


def untested(paths: list[str], names: set[str]) -> tuple[Language, ...]:
    """The language of a project without tests: by its settings, else by most of its sources."""
    settings = {
        language: int(bool((names & set(shape.markers) and any(
            path.endswith(shape.suffixes) for path in paths)) or (
            language in SCRIPTED and names & set(shape.markers))))
        for language, shape in SHAPES.items()
    }  # fmt: skip
    sources = {
        language: sum(path.endswith(shape.suffixes) for path in paths)
        for language, shape in SHAPES.items()
    }
    for scores in (settings, sources):
        best = max(scores, key=lambda language: scores[language])
        if scores[best] > 0:
            return (best,)
    return ()


def text_of(path: Path) -> str:
    """The text of a file, empty when it is none, or too large. Links are not followed."""
    return untrusted.text_of(path, largest=LARGEST_FILE, encoding="utf-8") or ""


def file_paths(project: Path) -> Iterator[str]:
    """The project's files, as far as they are copied, by their paths in it, up to a limit."""
    seen = 0
    for place, folders, files in os.walk(project):
        folders[:] = [name for name in folders if name not in NOT_COPIED]
        inside = os.path.relpath(place, project)
        for name in files:
            seen += 1
            if seen > MOST_FILES:
                return
            yield name if inside == "." else f"{inside}/{name}"
