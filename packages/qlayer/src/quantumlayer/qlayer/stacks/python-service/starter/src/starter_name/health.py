"""Whether the process lives, and whether it can serve."""

import sqlite3

from fastapi import APIRouter, HTTPException

from starter_name.database import CurrentDatabase

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def live() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(database: CurrentDatabase) -> dict[str, str]:
    """Tell that the database answers, too."""
    try:
        with database.read() as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        raise HTTPException(503, "The database does not answer.") from error
    return {"status": "ready"}
