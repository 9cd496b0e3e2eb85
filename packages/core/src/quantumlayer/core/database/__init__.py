"""PostgreSQL: tables' base, sessions that see one organisation alone, migrations."""

from quantumlayer.core.database.away import FAILURES, is_database_away
from quantumlayer.core.database.base import Base, Organised, new_id, now
from quantumlayer.core.database.migrate import migrate
from quantumlayer.core.database.sessions import Database

__all__ = [
    "FAILURES",
    "Base",
    "Database",
    "Organised",
    "is_database_away",
    "migrate",
    "new_id",
    "now",
]
