import sqlite3
from pathlib import Path

import pytest

from starter_name.database import Database, statements


def test_a_script_is_split_where_its_statements_end() -> None:
    script = "CREATE TABLE a (text);\nCREATE TABLE b (\n  text\n);\n"

    assert list(statements(script)) == [
        "CREATE TABLE a (text);\n",
        "CREATE TABLE b (\n  text\n);\n",
    ]


def test_what_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    database = Database(tmp_path / "kept.db")
    database.migrate()
    keep(database, "before")

    with pytest.raises(sqlite3.IntegrityError):
        keep(database, "half", None)

    assert kept(database) == ["before"]


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "kept.db")
    database.migrate()
    keep(database, "milk")

    database.migrate()

    assert kept(database) == ["milk"]


def keep(database: Database, *texts: str | None) -> None:
    with database.write() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (text TEXT NOT NULL)")
        for text in texts:
            connection.execute("INSERT INTO kept VALUES (?)", (text,))


def kept(database: Database) -> list[str]:
    with database.read() as connection:
        return [row["text"] for row in connection.execute("SELECT text FROM kept")]
