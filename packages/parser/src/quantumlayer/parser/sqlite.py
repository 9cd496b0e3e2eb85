"""SQL by an engine that knows its dialect for sure: SQLite, which comes with Python.

The grammar of SQL knows a little of each dialect. Where it refuses a text that SQLite takes, SQLite
is right. Nothing is run: each statement is only explained, in a database in memory, and what takes
effect while it is compiled (`PRAGMA`, `ATTACH`) is denied.
"""

import re
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

# What SQLite alone writes.
_OF_SQLITE = re.compile(
    rb"(?i)\bAUTOINCREMENT\b|\bWITHOUT\s+ROWID\b|\bPRAGMA\s+\w+|\)\s*STRICT\s*;"
)
_SYNTACTIC = re.compile(
    r'^near "(?P<near>.*)": syntax error$|^incomplete input$|^unrecognized token: "(?P<token>.*)"$',
    re.DOTALL,
)
_BLANK = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/|;)*", re.DOTALL)
_SHELL_COMMAND = re.compile(r"\.[a-z]+[^\n]*(?:\n|$)")
_EXPLAINED = re.compile(r"(?i)EXPLAIN\b")
_MOST_PIECES = 2_000
_DENIED = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_PRAGMA})


class Refusal(NamedTuple):
    """Where SQLite stops reading, as an offset into the text, and what it says."""

    offset: int
    message: str


def is_of_sqlite(data: bytes) -> bool:
    """Whether the text says of itself that it is for SQLite and no other engine."""
    return _OF_SQLITE.search(data) is not None


def refusal(text: str) -> Refusal | None:
    """The first place that is no SQL to SQLite; None when all of it is.

    Tables, columns and functions that are not known are none of its business.
    """
    if "\0" in text:
        # To SQLite a text ends there.
        return Refusal(text.index("\0"), "a null character")
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.set_authorizer(_authorize)
        for start, statement in _statements(text):
            if found := _refused(connection, statement):
                return Refusal(start + found.offset, found.message)
    finally:
        connection.close()
    return None


def _authorize(action: int, *_: object) -> int:
    return sqlite3.SQLITE_DENY if action in _DENIED else sqlite3.SQLITE_OK


def _refused(connection: sqlite3.Connection, statement: str) -> Refusal | None:
    said = _said(connection, statement)
    found = said and _SYNTACTIC.match(said)
    if not said or not found:
        return None
    word = found["near"] or found["token"]
    if not word:
        return Refusal(len(statement.rstrip()), said)
    # The word may stand there many times: a text that ends with the right one is refused alike.
    at = statement.find(word)
    while at >= 0:
        if _said(connection, statement[: at + len(word)]) == said:
            return Refusal(at, said)
        at = statement.find(word, at + 1)
    return Refusal(0, said)


def _said(connection: sqlite3.Connection, statement: str) -> str | None:
    asked = statement if _EXPLAINED.match(statement) else f"EXPLAIN {statement}"
    try:
        connection.execute(asked)
    except sqlite3.ProgrammingError:
        return None  # parameters without values: it was compiled before they were missed
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        return str(error)
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with its offset; comments and commands of SQLite's shell between are left."""
    at = 0
    while at < len(text):
        at = _blank_end(text, at)
        command = _SHELL_COMMAND.match(text, at)
        if command:
            at = command.end()
        elif at < len(text):
            end = _end(text, at)
            yield at, text[at:end]
            at = end


def _blank_end(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _end(text: str, start: int) -> int:
    """Behind the `;` that ends the statement: not one in a string, a comment or a trigger."""
    end = text.find(";", start)
    for _ in range(_MOST_PIECES):
        if end < 0 or sqlite3.complete_statement(text[start : end + 1]):
            break
        end = text.find(";", end + 1)
    return len(text) if end < 0 else end + 1
