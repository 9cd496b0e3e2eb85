"""Languages' own parsers for Python, data and SQL: the last word on what is well formed.

Runs in a worker process. Nothing is executed: sources are compiled and thrown away.
"""

import json
import re
import tomllib
import warnings
from collections.abc import Callable, Mapping
from typing import NoReturn

from quantumlayer.manifests import made_tree
from quantumlayer.parser.decoding import as_utf8, is_marked
from quantumlayer.parser.excerpt import excerpt
from quantumlayer.parser.model import SyntaxProblem, SyntaxTier
from quantumlayer.parser.sqlite import is_of_sqlite, refusal

_TOML_PLACE = re.compile(
    r"^(?P<message>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$",
    re.DOTALL,
)


class _Malformed(Exception):  # noqa: N818 - a verdict, not a failure
    def __init__(self, message: str, line: int | None, column: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = max(line or 1, 1)
        self.column = max(column or 1, 1)


def check(tier: SyntaxTier, data: bytes, shown: bytes | None = None) -> tuple[SyntaxProblem, ...]:
    """The first problem that the parser of `tier` has with `data`, or none.

    `shown` is the same text in UTF-8, of which a problem shows its line.
    """
    try:
        _CHECKS[tier](data)
    except _Malformed as found:
        lines = (shown or data).decode("utf-8", errors="replace").split("\n")
        # Some parsers end lines at more characters than others.
        line = min(found.line, len(lines))
        return (
            SyntaxProblem(
                line=line,
                column=found.column,
                message=found.message,
                excerpt=excerpt(lines, line, found.column),
            ),
        )
    except RecursionError:
        return (SyntaxProblem(line=1, column=1, message="nested too deeply to be read"),)
    except MemoryError:
        return (SyntaxProblem(line=1, column=1, message="too large or too deep to be read"),)
    return ()


def overrule_sql(
    data: bytes, problems: tuple[SyntaxProblem, ...]
) -> tuple[SyntaxTier, tuple[SyntaxProblem, ...]]:
    """Who decides on SQL that the grammar refuses with `problems`, and what is left of them.

    SQLite, when it takes the text, or when the text is for SQLite alone. Else it is of some other
    engine, of which the grammar's first doubt is all that can be said.
    """
    text = data.decode("utf-8", errors="replace")
    found = refusal(text)
    if found is None:
        return SyntaxTier.SQLITE, ()
    if not is_of_sqlite(data):
        return SyntaxTier.TREE_SITTER, problems[:1]
    before, lines = text[: found.offset], text.split("\n")
    line, column = before.count("\n") + 1, found.offset - (before.rfind("\n") + 1) + 1
    shown = excerpt(lines, line, column)
    problem = SyntaxProblem(line=line, column=column, message=found.message, excerpt=shown)
    return SyntaxTier.SQLITE, (problem,)


def _python(data: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                compile(data, "source.py", "exec", dont_inherit=True, optimize=0)
            except SyntaxError:
                # The tree gives a position where the compiler gives none.
                made_tree(data, "source.py")
                raise
    except SyntaxError as error:
        raise _Malformed(error.msg, error.lineno, error.offset) from None
    except ValueError as error:
        raise _Malformed(str(error), 1, 1) from None


def _json(data: bytes) -> None:
    def refuse(constant: str) -> NoReturn:
        raise _Malformed(f"{constant} is not JSON", 1, 1)

    try:
        json.loads(_text(data), parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise _Malformed(error.msg, error.lineno, error.colno) from None
    except ValueError as error:
        raise _Malformed(str(error), 1, 1) from None


def _toml(data: bytes) -> None:
    text = _utf8(data)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.match(str(error))
        message = place["message"] if place else str(error)
        line = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        column = int(place["column"]) if place and place["column"] else 1
        raise _Malformed(message, line, column) from None


def _yaml(data: bytes) -> None:
    import yaml  # noqa: PLC0415 - slow to load, and a worker waits for it that reads none

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # Events only: no anchor is expanded and no object is made.
    try:
        for _ in yaml.parse(_text(data), Loader=loader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = error.problem or error.context or "not YAML"
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _Malformed(message, line, column) from None
    except yaml.YAMLError as error:
        raise _Malformed(str(error).split("\n", 1)[0], 1, 1) from None


def _text(data: bytes) -> str:
    # Both name the Unicode encodings, and the mark that tells them apart.
    return _utf8(as_utf8(data) if is_marked(data) else data)


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise _Malformed(f"not UTF-8: byte 0x{data[error.start]:02x}", line, column) from None


_CHECKS: Mapping[SyntaxTier, Callable[[bytes], None]] = {
    SyntaxTier.PYTHON: _python,
    SyntaxTier.JSON: _json,
    SyntaxTier.TOML: _toml,
    SyntaxTier.YAML: _yaml,
}

TIERS = frozenset(_CHECKS)
"""The tiers that `check` knows."""
