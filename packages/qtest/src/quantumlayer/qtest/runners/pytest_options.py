"""Which of a project's pytest settings are taken over.

pytest reads its configuration as usual, except `addopts`: those can hide results, change the
report, or demand plugins for jobs that are done here (coverage, parallel runs). Options that say
how tests are found and understood are kept; those that leave single tests out by name are not.
"""

import configparser
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from quantumlayer.qtest.sandbox.inside import NOT_COPIED
from quantumlayer.qtest.untrusted import text_of

LARGEST_FILE = 1024 * 1024
MOST_FILES = 1_000
READS_LIKE_TESTS = re.compile(r"\bTestCase\b|^\s*(async )?def test_", re.MULTILINE)
HOLDS_CASES = re.compile(r"^class \w+\([^)\n]*TestCase\b", re.MULTILINE)
HOLDS_METHODS = re.compile(r"^\s+(?:async )?def test", re.MULTILINE)
RUNS_THEM = re.compile(r"^\s+(?:unittest\.)?main\(", re.MULTILINE)
TEST_FOLDERS = frozenset({"test", "tests"})
KEPT_FLAGS = frozenset({"--doctest-modules", "--strict-markers", "--strict-config", "--pyargs"})
KEPT_WITH_VALUE = frozenset({
    "-m", "-W", "--pythonwarnings", "--import-mode", "--ignore", "--ignore-glob",
    "--doctest-glob", "--asyncio-mode", "--ds", "--confcutdir",
})  # fmt: skip
KEPT_SHORT = ("-m", "-W")


def kept_options(project: Path) -> list[str]:
    """The harmless part of the `addopts` that pytest would read for this project."""
    return list(chosen(iter(addopts_of(project))))


def more_test_files(project: Path) -> list[str]:
    """The option that lets pytest look where unittest would: `tests.py`, `testing_it.py`, and
    programs of tests that nobody imports, such as `tests/check_it.py`.

    Only where the project does not say itself how its test files are called, and only for files
    that read like tests.
    """
    if any(table is not None and "python_files" in table for table in tables(project)):
        return []
    paths = [
        path
        for path in islice(project.rglob("*.py"), MOST_FILES)
        if NOT_COPIED.isdisjoint(path.relative_to(project).parts) and not is_found_anyway(path.name)
    ]
    names = {
        path.name
        for path in paths
        if path.name.startswith("test") and READS_LIKE_TESTS.search(content_of(path))
    }
    programs = [path for path in paths if not path.name.startswith("test") and is_program(path)]
    names |= {path.name for path in programs if not is_imported(path.stem, project)}
    patterns = ("test_*.py", "*_test.py", *sorted(names))
    return ["-o", f"python_files={' '.join(patterns)}"] if names else []


def is_found_anyway(name: str) -> bool:
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def is_program(path: Path) -> bool:
    """Whether a file holds test cases of unittest, in a folder of tests or with a call to run them.

    A file of pytest's own kind that is not called like one is left alone: that is how people keep
    what is not to be run.
    """
    text = content_of(path)
    if not HOLDS_CASES.search(text) or not HOLDS_METHODS.search(text):
        return False
    return RUNS_THEM.search(text) is not None or not TEST_FOLDERS.isdisjoint(path.parts)


def is_imported(module: str, project: Path) -> bool:
    """Whether any source of the project imports a module of this name: then it is for others."""
    used = re.compile(rf"^\s*(?:from|import)\b[^#\n]*\b{re.escape(module)}\b", re.MULTILINE)
    sources = islice(project.rglob("*.py"), MOST_FILES)
    return any(used.search(content_of(path)) for path in sources)


def chosen(words: Iterator[str]) -> Iterator[str]:
    for word in words:
        name, equals, _ = word.partition("=")
        if word in KEPT_FLAGS or (equals and name in KEPT_WITH_VALUE):
            yield word
        elif word in KEPT_WITH_VALUE:
            value = next(words, None)
            if value is not None:
                yield from (word, value)
        elif word == "-p":
            module = next(words, "")
            if module and not module.startswith("no:"):
                yield from (word, module)
        elif word.startswith(KEPT_SHORT) and not word.startswith("--"):
            yield word


def addopts_of(project: Path) -> list[str]:
    """The words of `addopts` from the first file that configures pytest, in pytest's own order."""
    for table in tables(project):
        if table is not None:
            value = table.get("addopts", "")
            return (
                [str(word) for word in value] if isinstance(value, list) else words_of(str(value))
            )
    return []


def tables(project: Path) -> Iterator[Mapping[str, Any] | None]:
    for name in ("pytest.toml", ".pytest.toml"):
        yield toml(project / name, "pytest")
    for name in ("pytest.ini", ".pytest.ini"):
        yield ini(project / name, "pytest")
    yield toml(project / "pyproject.toml", "tool", "pytest", "ini_options")
    yield toml(project / "pyproject.toml", "tool", "pytest")
    yield ini(project / "tox.ini", "pytest")
    yield ini(project / "setup.cfg", "tool:pytest")


def toml(path: Path, *keys: str) -> Mapping[str, Any] | None:
    try:
        table: Any = tomllib.loads(content_of(path))
    except tomllib.TOMLDecodeError:
        return None  # pytest itself will say so, as a usage error
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None


def ini(path: Path, section: str) -> Mapping[str, Any] | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(content_of(path))
    except configparser.Error:
        return None  # as above
    return parser[section] if parser.has_section(section) else None


def content_of(path: Path) -> str:
    """The text of a settings file, empty when there is none. Links are not followed."""
    return text_of(path, largest=LARGEST_FILE) or ""


def words_of(value: str) -> list[str]:
    try:
        return shlex.split(value)
    except ValueError:
        return []
