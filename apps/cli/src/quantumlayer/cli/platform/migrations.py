"""The step that brings the tables up to date, and skips what the database has already seen."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.roles import Roles
from quantumlayer.processes import end_process

_TIMEOUT_SECONDS = 600.0
# A process of its own: the migrations' libraries need not stay in the supervisor's memory.
_PROGRAM = """
import os
from quantumlayer.core.database import migrate
migrate(os.environ["QL_MIGRATION_DATABASE_URL"])
"""
_COMMENT = """
SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()
"""


class Migrations:
    """Runs `quantumlayer.core.database.migrate` as the owner role."""

    name = "migrations"
    needs = ("roles",)

    def __init__(self, roles: Roles, environment: Mapping[str, str]) -> None:
        self._roles = roles
        self._environment = environment

    async def run(self) -> None:
        # The database itself says which migrations it has, so a restored backup is not misjudged.
        mark = f"migrations {_digest()}"
        plain = self._roles.owner_url.replace("postgresql+asyncpg://", "postgresql://", 1)
        try:
            connection = await asyncpg.connect(plain, timeout=10)
            try:
                if await connection.fetchval(_COMMENT) == mark:
                    return
                await self._migrate()
                database = await connection.fetchval("SELECT quote_ident(current_database())")
                await connection.execute(f"COMMENT ON DATABASE {database} IS '{mark}'")
            finally:
                await connection.close()
        except (OSError, asyncpg.PostgresError) as error:
            raise PlatformError(f"cannot bring the database up to date ({error})") from None

    async def _migrate(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _PROGRAM,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**self._environment, "QL_MIGRATION_DATABASE_URL": self._roles.owner_url},
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), _TIMEOUT_SECONDS)
        except TimeoutError:
            raise PlatformError(
                f"the migrations took over {_TIMEOUT_SECONDS:.0f} s; see whether another"
                " program locks the database's tables"
            ) from None
        finally:
            await end_process(process)
        lines = output.decode("utf-8", "replace").strip().splitlines()
        if process.returncode != 0:
            # The whole story for the supervisor's log, the last line for people.
            sys.stdout.write("\n".join([*lines, ""]))
            raise PlatformError(f"the migrations failed: {lines[-1] if lines else 'no message'}")


def _digest() -> str:
    spec = importlib.util.find_spec("quantumlayer.core")
    if spec is None or spec.origin is None:
        raise PlatformError("quantumlayer-core is not installed; run `make setup`")
    versions = Path(spec.origin).parent / "database" / "migrations" / "versions"
    digest = hashlib.sha256()
    for path in sorted(versions.glob("*.py")):
        digest.update(os.fsencode(path.name))
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
