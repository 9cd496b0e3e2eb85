"""Telling a database that is away from one that refused what we asked."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# Classes of SQLSTATE: connection exceptions, insufficient resources, operator intervention.
_AWAY_CLASSES = ("08", "53", "57P")

# What an exception handler must look at: everything that such a failure can come as.
FAILURES: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, OSError)


def is_database_away(error: BaseException | None) -> bool:
    """Whether PostgreSQL could not be reached, is starting or is shutting down."""
    if isinstance(error, PoolTimeout | ConnectionError):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error.orig, OSError):
            return True
        error = error.orig.__cause__ if error.orig else None
    return str(getattr(error, "sqlstate", "") or "").startswith(_AWAY_CLASSES)
