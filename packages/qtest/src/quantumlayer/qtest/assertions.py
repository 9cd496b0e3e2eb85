"""Whether tests can fail at all: a project of which no test asserts anything proves nothing.

A test may assert through a helper, so all test files of a project are read together, and what is
called by a name that speaks of checking counts. Constants that are compared with constants do not.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import python_tree
from quantumlayer.qtest.environments import Language
from quantumlayer.qtest.model import CaseOutcome, TestCase
from quantumlayer.qtest.project import file_paths
from quantumlayer.qtest.untrusted import text_of

NOTHING_ASSERTED = "No test asserts anything, so nothing is proven."
MOST_FILES = 500
_CHECKING = (
    "assert|raises|warns|expect|should|fail|check|verif|valid|equal|approx|ensure|must|confirm"
    "|compar|match|snapshot|regress|benchmark|throws|rejects|doctest|golden|diff"
)
_SPEAKS = re.compile(_CHECKING, re.IGNORECASE)
# What is told by its arguments alone: `assertTrue(True)` says nothing, `check_area(2, 4)` does.
_COMPARES = re.compile(r"(?i)assert|expect")
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "spec", "specs", "__tests__", "e2e"})
_SCRIPT_TEST = re.compile(r"^(?:test|.*[.-_](?:test|spec))\.[cm]?[jt]sx?$")
_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")
_TEST_FILES = {
    Language.PYTHON: re.compile(r"^(?:test_.*|.*_test|tests?|conftest)\.py$"),
    Language.JAVASCRIPT: _SCRIPT_TEST,
    Language.TYPESCRIPT: _SCRIPT_TEST,
}
_SOURCES = {
    Language.PYTHON: re.compile(r"\.py$"),
    Language.JAVASCRIPT: _SCRIPT,
    Language.TYPESCRIPT: _SCRIPT,
}
_BUILT = frozenset({"dist", "build"})
_SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"`\w])//[^\n]*", re.DOTALL)
_SCRIPT_IMPORT = re.compile(
    r"\bimport\b[^;'\"()]*['\"][^'\"\n]*['\"]"
    r"|\b(?:const|let|var)\s+[\w$\s{},:]+=\s*(?:await\s+)?(?:require|import)\([^()\n]*\)(?:\.\w+)?"
)
_LITERAL = r"(?:true|false|null|undefined|-?\d[\d.]*|'[^'\n]*'|\"[^\"\n]*\")"
_SCRIPT_TRIVIAL = re.compile(
    rf"(?<![.\w])(?:[\w.]*assert[\w.]*|expect)\(\s*{_LITERAL}(?:\s*,\s*{_LITERAL})*\s*\)"
    rf"(?:\.[\w.]+\(\s*{_LITERAL}?\s*\))?"
)
# `console.assert` prints, and fails nothing.
_SCRIPT_PRINTED = re.compile(r"\bconsole\.\w+")
_SCRIPT_CHECK = re.compile(
    r"(?i)\bthrow\b|\.should\b|\bt\.(?:is|not|ok|same|like|plan|true|false)\b"
    rf"|\b[\w$]*(?:{_CHECKING})[\w$]*\s*[(.]"
)


def assert_nothing(project: Path, language: Language, cases: Iterable[TestCase]) -> bool:
    """Whether every test that passed is known, by its sources, to assert nothing.

    False wherever a test's source cannot be read. Compiled languages are held test by test against
    their sources (`runners.standing`).
    """
    if language not in _TEST_FILES:
        return False
    passed = {case.path for case in cases if case.outcome is CaseOutcome.PASSED}
    if not passed or not all(_SOURCES[language].search(path) for path in passed):
        return False
    texts = [text_of(project / path) for path in sorted(passed) if _is_inside(path)]
    if len(texts) < len(passed) or None in texts:
        return False
    asserts = python_asserts if language is Language.PYTHON else script_asserts
    if any(asserts(text) for text in texts if text is not None):
        return False
    helpers = map(text_of, islice(_test_files(project, language), MOST_FILES))
    return not any(text is not None and asserts(text) for text in helpers)


def _is_inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts


def _test_files(project: Path, language: Language) -> Iterator[Path]:
    """Files by whose name or folder they belong to the tests, helpers among them."""
    for path in file_paths(project):
        *folders, name = path.split("/")
        if not _BUILT.isdisjoint(folders) or not _SOURCES[language].search(name):
            continue
        named = _TEST_FILES[language].match(name) is not None
        if named or not _TEST_FOLDERS.isdisjoint(folders):
            yield project / path


def python_asserts(text: str) -> bool:
    """Whether Python sources hold anything that could fail a test on purpose."""
    if ">>> " in text:
        return True
    tree = python_tree(text)
    return tree is None or any(_may_fail(node) for node in ast.walk(tree))


def _may_fail(node: ast.AST) -> bool:
    match node:
        case ast.Raise():
            return True
        case ast.Assert():
            return _looks_at_something(node.test)
        case ast.Call():
            name = _last_name(node.func)
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            plain = bool(given) and not any(_looks_at_something(one) for one in given)
            return _SPEAKS.search(name) is not None and not (plain and _COMPARES.match(name))
        case _:
            return False


def _looks_at_something(node: ast.AST) -> bool:
    """Whether an expression depends on more than constants."""
    return any(isinstance(one, ast.Name | ast.Call | ast.Attribute) for one in ast.walk(node))


def _last_name(function: ast.expr) -> str:
    match function:
        case ast.Attribute():
            return function.attr
        case ast.Name():
            return function.id
        case _:
            return ""


def script_asserts(text: str) -> bool:
    """Whether JavaScript or TypeScript sources hold anything that could fail a test on purpose."""
    plain = text
    for nothing in (_SCRIPT_COMMENT, _SCRIPT_IMPORT, _SCRIPT_PRINTED, _SCRIPT_TRIVIAL):
        plain = nothing.sub("", plain)
    return _SCRIPT_CHECK.search(plain) is not None
