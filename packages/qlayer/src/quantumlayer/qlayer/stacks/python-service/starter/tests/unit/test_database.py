import sqlite3
from pathlib import Path

import pytest

from starter_name.database import Database, statements
from starter_name.notes import repository
from starter_name.notes.schema import NewNote


def test_a_script_is_split_where_its_statements_end() -> None:
    script = "CREATE TABLE a (text);\nCREATE TABLE b (\n  text\n);\n"

    assert list(statements(script)) == [
        "CREATE TABLE a (text);\n",
        "CREATE TABLE b (\n  text\n);\n",
    ]


def test_what_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    database = Database(tmp_path / "notes.db")
    database.migrate()

    with pytest.raises(sqlite3.IntegrityError):
        write_half_of_it(database)

    with database.read() as connection:
        assert repository.find(connection, 1) is None


def write_half_of_it(database: Database) -> None:
    with database.write() as connection:
        repository.add(connection, NewNote(text="half"))
        connection.execute("INSERT INTO notes (text) VALUES (NULL)")


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "notes.db")
    database.migrate()
    with database.write() as connection:
        kept = repository.add(connection, NewNote(text="milk"))

    database.migrate()

    with database.read() as connection:
        assert repository.find(connection, kept.id) == kept
