"""The two roles: what the application may do, and what it may not."""

from __future__ import annotations

import asyncpg
import pytest

from tests.support.platform import PostgresUrls


async def _connect(url: str) -> asyncpg.Connection[asyncpg.Record]:
    return await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://"))


async def test_the_application_uses_the_owners_tables_and_makes_none(
    postgres_urls: PostgresUrls,
) -> None:
    owner = await _connect(postgres_urls.owner)
    application = await _connect(postgres_urls.application)
    try:
        await owner.execute("CREATE TABLE shelf (id serial PRIMARY KEY, title text)")
        await application.execute("INSERT INTO shelf (title) VALUES ('one')")
        assert await application.fetchval("SELECT title FROM shelf") == "one"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute("CREATE TABLE other (id int)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute("DROP TABLE shelf")
    finally:
        await owner.execute("DROP TABLE IF EXISTS shelf")
        await owner.close()
        await application.close()


async def test_row_level_security_binds_the_application(postgres_urls: PostgresUrls) -> None:
    owner = await _connect(postgres_urls.owner)
    application = await _connect(postgres_urls.application)
    try:
        await owner.execute("CREATE TABLE ward (id int)")
        await owner.execute("INSERT INTO ward VALUES (1), (2)")
        await owner.execute("ALTER TABLE ward ENABLE ROW LEVEL SECURITY")
        await owner.execute("CREATE POLICY one ON ward USING (id = 1)")
        assert [row["id"] for row in await application.fetch("SELECT id FROM ward")] == [1]
    finally:
        await owner.execute("DROP TABLE IF EXISTS ward")
        await owner.close()
        await application.close()


@pytest.mark.parametrize("role", ["owner", "application"])
async def test_neither_role_is_a_superuser_or_bypasses_security(
    postgres_urls: PostgresUrls, role: str
) -> None:
    connection = await _connect(getattr(postgres_urls, role))
    try:
        row = await connection.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert row is not None
        assert not any(row.values())
    finally:
        await connection.close()


async def test_a_wrong_password_is_refused_even_on_loopback(postgres_urls: PostgresUrls) -> None:
    wrong = postgres_urls.application.replace("quantumlayer_app:", "quantumlayer_app:x")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await _connect(wrong)
