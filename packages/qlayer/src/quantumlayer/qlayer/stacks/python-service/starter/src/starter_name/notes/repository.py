"""All SQL of notes."""

import sqlite3

from starter_name.notes.schema import NewNote, Note


def add(connection: sqlite3.Connection, new: NewNote) -> Note:
    """Keep a note."""
    row = connection.execute(
        "INSERT INTO notes (text) VALUES (?) RETURNING id, text", (new.text,)
    ).fetchone()
    return Note(**row)


def find(connection: sqlite3.Connection, number: int) -> Note | None:
    """Look a note up, None if there is none."""
    row = connection.execute("SELECT id, text FROM notes WHERE id = ?", (number,)).fetchone()
    return Note(**row) if row else None
