"""Whether tests can fail at all: a project of which no test asserts anything proves nothing.

A test may assert through a helper, so all test files of a project are read together, and what is
called by a name that speaks of checking counts. Constants that are compared with constants do not.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments import Language
from quantumlayer.qtest.model import CaseOutcome, TestCase
from quantumlayer.qtest.mutation.parsing import parsed
from quantumlayer.qtest.untrusted import text_of

NOTHING_ASSERTED = "No test asserts anything, so nothing is proven."
MOST_FILES = 500
_SPEAKS = re.compile(
    r"(?i)assert|raises|warns|expect|should|fail|check|verif|valid|equal|approx|ensure|must|confirm"
    r"|compar|match|snapshot|regress|benchmark|throws|rejects|doctest|golden|diff"
)
# What is told by its arguments alone: `assertTrue(True)` says nothing, `check_area(2, 4)` does.
_COMPARES = re.compile(r"(?i)assert|expect")
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "spec", "specs", "__tests__", "e2e"})
_TEST_FILES = {
    Language.PYTHON: re.compile(r"^(?:test_.*|.*_test|tests?|conftest)\.py$"),
    Language.JAVASCRIPT: re.compile(r"^(?:test|.*[.-_](?:test|spec))\.[cm]?[jt]sx?$"),
    Language.TYPESCRIPT: re.compile(r"^(?:test|.*[.-_](?:test|spec))\.[cm]?[jt]sx?$"),
}
_SOURCES = {
    Language.PYTHON: re.compile(r"\.py$"),
    Language.JAVASCRIPT: re.compile(r"\.[cm]?[jt]sx?$"),
    Language.TYPESCRIPT: re.compile(r"\.[cm]?[jt]sx?$"),
}
_SKIPPED = frozenset({"node_modules", ".venv", "venv", ".git", "__pycache__", "dist", "build"})
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
    rf"|\b[\w$]*(?:{_SPEAKS.pattern.removeprefix('(?i)')})[\w$]*\s*[(.]"
)


@dataclass(frozen=True)
class _Compiled:
    """How tests look in a compiled language: whole files, told by name and by what is in them."""

    files: re.Pattern[str]
    tests: re.Pattern[str]
    nothing: re.Pattern[str]
    checks: re.Pattern[str]


_CALLS = rf"(?i)\b\w*(?:{_SPEAKS.pattern.removeprefix('(?i)')})\w*!?\s*[(.<]"
_LINE_COMMENT = r"/\*[\s\S]*?\*/|//(?! ?(?:unordered )?output:)[^\n]*"
_COMPILED = {
    Language.GO: _Compiled(
        files=re.compile(r"_test\.go$"),
        tests=re.compile(r"\bfunc (?:Test|Example|Fuzz)"),
        nothing=re.compile(_LINE_COMMENT, re.IGNORECASE),
        checks=re.compile(rf"{_CALLS}|\.(?:error|fatal)f?\(|\bpanic\(|// ?(?:unordered )?output:"),
    ),
    Language.JAVA: _Compiled(
        files=re.compile(r"\.java$"),
        tests=re.compile(r"@(?:\w+\.)*\w*Test\b|@TestFactory"),
        nothing=re.compile(rf"{_LINE_COMMENT}|^import .*$", re.IGNORECASE | re.MULTILINE),
        checks=re.compile(rf"{_CALLS}|\bassert\b|\bthrow\b"),
    ),
    Language.RUST: _Compiled(
        files=re.compile(r"\.rs$"),
        tests=re.compile(r"#\[(?:\w+::)*test\b"),
        nothing=re.compile(rf"{_LINE_COMMENT}|assert!\(\s*true\s*\)", re.IGNORECASE),
        checks=re.compile(rf"{_CALLS}|\b(?:panic|unreachable)!|\bunwrap\w*\(|->\s*\w*Result|\?;"),
    ),
}


def assert_nothing(project: Path, language: Language, cases: Iterable[TestCase]) -> bool:
    """Whether every test that passed is known, by its sources, to assert nothing.

    False wherever a test's source cannot be read, and in languages that are not looked at.
    """
    compiled = _COMPILED.get(language)
    if compiled is not None:
        return _compiled_assert_nothing(project, compiled)
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
    helpers = (text_of(path) for path in _test_files(project, language))
    return not any(text is not None and asserts(text) for text in helpers)


def _compiled_assert_nothing(project: Path, told: _Compiled) -> bool:
    files = [
        path
        for path in sorted(project.rglob("*"))
        if told.files.search(path.name) and _SKIPPED.isdisjoint(path.relative_to(project).parts)
    ][:MOST_FILES]
    texts = [text for path in files if (text := text_of(path)) and told.tests.search(text)]
    return bool(texts) and not any(told.checks.search(told.nothing.sub("", text)) for text in texts)


def _is_inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts


def _test_files(project: Path, language: Language) -> Iterable[Path]:
    """Files by whose name or folder they belong to the tests, helpers among them."""
    found = 0
    for path in sorted(project.rglob("*")):
        within = path.relative_to(project)
        if not _SKIPPED.isdisjoint(within.parts) or not _SOURCES[language].search(path.name):
            continue
        named = _TEST_FILES[language].match(path.name) is not None
        if named or not _TEST_FOLDERS.isdisjoint(within.parts[:-1]):
            yield path
            found += 1
        if found == MOST_FILES:
            return


def python_asserts(text: str) -> bool:
    """Whether Python sources hold anything that could fail a test on purpose."""
    if ">>> " in text:
        return True
    tree = parsed(text)
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
