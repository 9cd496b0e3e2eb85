"""The SQLite database: transactions and migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 5.0


class Database:
    """One database file; each transaction has a connection to itself."""

    def __init__(self, path: Path) -> None:
        """Name the file; `migrate` makes it."""
        self._path = path

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that sees one consistent state."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that is committed as a whole or not at all.

        It takes the lock before it reads: what a rule has seen still holds at the commit.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the schema up to date: run each numbered script that has not run yet."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        with self.write() as connection:
            (done,) = connection.execute("PRAGMA user_version").fetchone()
            for number, script in enumerate(sorted(MIGRATIONS.glob("*.sql")), start=1):
                if number > done:
                    for statement in statements(script.read_text(encoding="utf-8")):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection, connection:
            connection.execute(begin)
            yield connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connecting = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        with closing(connecting) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; `executescript` would commit in between."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def current_database(request: Request) -> Database:
    """Give a route the database of its application."""
    database: Database = request.app.state.database
    return database


CurrentDatabase = Annotated[Database, Depends(current_database)]
