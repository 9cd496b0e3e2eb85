"""SQLite has the last word on its own dialect; of others nothing grave is said."""

import sqlite3
from pathlib import Path

import pytest

from quantumlayer.parser import Parser, SourceText, SyntaxReport
from quantumlayer.parser.sqlite import refusal

SCHEMA = """\
-- What a service keeps.
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS books (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price NUMERIC CHECK (price IS NULL OR price >= 0),
    status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'sold;')),
    UNIQUE (title)
) STRICT;
CREATE TRIGGER IF NOT EXISTS later AFTER INSERT ON books BEGIN
    UPDATE books SET title = trim(title) WHERE id = new.id;
    SELECT 1;
END;
CREATE INDEX IF NOT EXISTS by_title ON books (title COLLATE NOCASE) WHERE status = 'new';
INSERT INTO books (title) VALUES (?), (:title) ON CONFLICT (title) DO UPDATE SET price = 1;
.mode csv
SELECT title ->> '$.a' FROM books;
"""


async def report(parser: Parser, path: str, content: str) -> SyntaxReport:
    (analysis,) = await parser.analyze([SourceText(path=path, content=content)])
    return analysis.syntax


async def test_what_sqlite_takes_is_well_formed(parser: Parser) -> None:
    syntax = await report(parser, "schema.sql", SCHEMA)
    assert (syntax.tier.value, syntax.problems) == ("sqlite", ())


@pytest.mark.parametrize(
    ("wrong", "line", "column"),
    [
        (SCHEMA.replace("title TEXT NOT NULL CHECK", "title TEXT NOT NUL CHECK"), 5, 20),
        (SCHEMA.replace("    UNIQUE (title)\n", "    UNIQUE (title),\n"), 9, 1),
        (SCHEMA.replace("COLLATE NOCASE)", "COLLATE NOCASE"), 14, 68),
        ("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT", 1, 53),
    ],
)
async def test_what_it_refuses_of_its_own_dialect_is_an_error_in_its_place(
    parser: Parser, wrong: str, line: int, column: int
) -> None:
    syntax = await report(parser, "schema.sql", wrong)
    assert syntax.tier.value == "sqlite"
    assert [(one.line, one.column) for one in syntax.errors] == [(line, column)]


@pytest.mark.parametrize(
    "other",
    [
        "DO $$ BEGIN RAISE NOTICE 'a'; END $$;\n",
        "CREATE TABLE a (id serial, tags text[] DEFAULT '{}') PARTITION BY RANGE (id);\n",
        "CREATE TABLE `a` (`id` int unsigned AUTO_INCREMENT) ENGINE=InnoDB;\n",
        "SELECT TOP 10 [a b] FROM dbo.t WITH (NOLOCK);\nGO\n",
        "SELEC * FRM x;\n",
    ],
)
async def test_of_other_dialects_nothing_is_sure(parser: Parser, other: str) -> None:
    syntax = await report(parser, "query.sql", other)
    assert syntax.errors == ()
    assert len(syntax.doubts) <= 1


@pytest.mark.parametrize("text", ["", ";;", "-- a", "SELECT * FROM nowhere", "EXPLAIN SELECT 1;"])
def test_what_is_not_known_is_no_question_of_syntax(text: str) -> None:
    assert refusal(text) is None


@pytest.mark.parametrize("text", ["\0SELECT 1;", "SELECT 1;\0 SELECT 2;", "SELECT '\0';"])
def test_a_null_character_is_where_a_text_ends(text: str) -> None:
    found = refusal(text)
    assert found is not None
    assert found.offset == text.index("\0")


def test_nothing_is_run(tmp_path: Path) -> None:
    target = tmp_path / "made.db"
    for text in (
        f"ATTACH DATABASE '{target}' AS a; CREATE TABLE a.b (c);",
        f"VACUUM INTO '{target}';",
        "SELECT load_extension('nothing');",
    ):
        assert refusal(text) is None
    assert not target.exists()
    assert sqlite3.complete_statement(SCHEMA.split(".mode", maxsplit=1)[0])


def test_a_statement_of_thousands_of_pieces_comes_to_an_end() -> None:
    refusal("SELECT '" + ";" * 20_000)
