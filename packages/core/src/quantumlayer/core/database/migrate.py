"""Brings a database to the newest schema; for the owner role alone."""

from pathlib import Path

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(owner_url: str) -> None:
    """Runs every migration that `owner_url`'s database has not seen.

    `owner_url` is a SQLAlchemy URL with the asyncpg driver. Safe to call from several processes:
    one waits for the other. Must not be called from inside a running event loop.
    """
    from alembic import command  # noqa: PLC0415 - whoever only reads and writes rows need not wait for it
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")
