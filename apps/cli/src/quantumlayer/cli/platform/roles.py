"""The database and its two roles: one owns the tables, the other uses them and bypasses nothing."""

from __future__ import annotations

import asyncpg

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.postgres import (
    APPLICATION_ROLE,
    DATABASE,
    OWNER_ROLE,
    ExternalPostgres,
    OwnPostgres,
    role_url,
)
from quantumlayer.cli.platform.secrets import Secrets

_ROLE = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION LOGIN"

_GRANTS = f"""
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
GRANT CONNECT ON DATABASE {DATABASE} TO {APPLICATION_ROLE};
ALTER SCHEMA public OWNER TO {OWNER_ROLE};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION_ROLE};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION_ROLE};
"""


class Roles:
    """The step that makes roles and database, or brings their passwords up to date."""

    name = "roles"
    needs = ("postgres",)

    def __init__(self, server: OwnPostgres | ExternalPostgres, secrets: Secrets) -> None:
        self._server = server
        self._secrets = secrets

    @property
    def owner_url(self) -> str:
        """For migrations."""
        return role_url(self._server.admin_url, OWNER_ROLE, self._secrets.owner_password)

    @property
    def application_url(self) -> str:
        """For everything else."""
        return role_url(
            self._server.admin_url, APPLICATION_ROLE, self._secrets.application_password
        )

    async def run(self) -> None:
        admin = self._server.admin_url.replace("postgresql+asyncpg://", "postgresql://", 1)
        try:
            connection = await asyncpg.connect(admin, timeout=10)
            try:
                await self._make(connection)
            finally:
                await connection.close()
            connection = await asyncpg.connect(admin, database=DATABASE, timeout=10)
            try:
                await connection.execute(_GRANTS)
            finally:
                await connection.close()
        except (OSError, asyncpg.PostgresError) as error:
            raise PlatformError(
                f"cannot make the database's roles in {self._server.url()} ({error});"
                " QL_POSTGRES_URL must be a superuser's"
            ) from None

    async def _make(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        existing = {
            row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")
        }
        for role, password in (
            (OWNER_ROLE, self._secrets.owner_password),
            (APPLICATION_ROLE, self._secrets.application_password),
        ):
            verb = "ALTER" if role in existing else "CREATE"
            # Utility statements take no parameters; the password is url-safe by construction.
            await connection.execute(f"{verb} ROLE {role} WITH {_ROLE} PASSWORD '{password}'")
        found = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE)
        if not found:
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
