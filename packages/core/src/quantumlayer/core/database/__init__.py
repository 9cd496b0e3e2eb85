"""PostgreSQL: tables' base, sessions that see one organisation alone, migrations."""

from quantumlayer.core.database.base import Base, Organised, new_id, now
from quantumlayer.core.database.migrate import migrate
from quantumlayer.core.database.sessions import Database

__all__ = ["Base", "Database", "Organised", "migrate", "new_id", "now"]
