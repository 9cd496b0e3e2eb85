"""What the command does for the gateway by itself."""

import asyncio

import pytest
from click.testing import CliRunner

from quantumlayer.cli.commands.gateway import command
from quantumlayer.core.database import Database
from quantumlayer.gateway.audit import Records
from tests.support.platform import PostgresUrls


async def state(url: str) -> str:
    database = Database(url)
    try:
        return await Records(database).state()
    finally:
        await database.close()


async def test_the_tables_of_the_audit_are_made_by_their_owner(
    postgres_urls: PostgresUrls,
) -> None:

    for _ in range(2):
        arguments = ["migrate", postgres_urls.owner.replace("+asyncpg", "")]
        result = await asyncio.to_thread(CliRunner().invoke, command, arguments)
        assert (result.exit_code, result.output) == (0, "the tables are up to date\n")
    assert await state(postgres_urls.application) == "ok"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://owner:hush@127.0.0.1/x", "expected postgresql+asyncpg://"),
        ("postgresql://owner:hush@127.0.0.1:1/x", "could not be made"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(url: str, said: str) -> None:
    result = CliRunner().invoke(command, ["migrate"], env={"QL_MIGRATION_DATABASE_URL": url})
    assert result.exit_code == 1
    assert said in result.output
    assert "hush" not in result.output
    assert "Traceback" not in result.output
