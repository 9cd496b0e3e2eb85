"""Notes over HTTP."""

from fastapi import APIRouter, HTTPException, status

from starter_name.database import CurrentDatabase
from starter_name.notes import repository
from starter_name.notes.schema import NewNote, Note

router = APIRouter(prefix="/notes", tags=["notes"])


@router.post("", status_code=status.HTTP_201_CREATED)
def add(new: NewNote, database: CurrentDatabase) -> Note:
    """Keep a note."""
    with database.write() as connection:
        return repository.add(connection, new)


@router.get("/{number}", responses={404: {"description": "There is no such note."}})
def show(number: int, database: CurrentDatabase) -> Note:
    """Give a note back."""
    with database.read() as connection:
        note = repository.find(connection, number)
    if note is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"There is no note {number}.")
    return note
