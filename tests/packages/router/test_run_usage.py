"""What runs used models for, read from the rows of their calls."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from quantumlayer.core.database import Database
from quantumlayer.router import Amount, PostgresCallStore
from quantumlayer.router.run_usage import CallTotals, RunUsage, usages_of
from quantumlayer.router.store import Claim, Granted, StoredReply
from tests.support.platform import PostgresUrls
from tests.support.router_parts import create_organisation

NOTHING = CallTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, Decimal(0), 0, 0.0, None)


class Calls:
    """Calls of one organisation's runs, made one after another."""

    def __init__(self, store: PostgresCallStore, organisation_id: UUID) -> None:
        self._store, self._organisation_id = store, organisation_id

    async def begun(self, run_id: UUID, agent: str | None, path: str | None = None) -> UUID:
        """The id of a call whose provider has not answered yet."""
        await self._store.open_budget(self._organisation_id, run_id, limit_usd=None)
        outcome = await self._store.claim(
            Claim(
                organisation_id=self._organisation_id,
                run_id=run_id,
                idempotency_key=str(uuid4()),
                request_hash="hash",
                task="task",
                model="model",
                provider="provider",
                answered=0,
                reserve=Amount(Decimal(1), 10),
                agent=agent,
                path=path,
            )
        )
        assert isinstance(outcome, Granted)
        return outcome.call_id

    async def ended(
        self,
        run_id: UUID,
        agent: str | None,
        path: str | None = None,
        **counts: object,
    ) -> None:
        """A call that ended with a reply which counted these; by default almost nothing."""
        call = await self.begun(run_id, agent, path)
        reply = replace(a_reply(call), **counts)  # type: ignore[arg-type]  # names of its fields
        error = "it broke off" if reply.broken else None
        assert await self._store.complete(self._organisation_id, reply, error=error)

    async def failed(self, run_id: UUID, agent: str) -> None:
        """A call that ended without a reply, after 250 ms."""
        call = await self.begun(run_id, agent)
        await self._store.fail(self._organisation_id, call, error="503", duration_ms=250)

    async def kept(self, run_id: UUID, agent: str, **counts: object) -> None:
        """A call that goes on, with what has come of its reply."""
        call = await self.begun(run_id, agent)
        partial = replace(a_reply(call), finish_reason=None, **counts)  # type: ignore[arg-type]  # names of its fields
        await self._store.keep(self._organisation_id, partial)


def a_reply(call_id: UUID) -> StoredReply:
    return StoredReply(
        call_id=call_id,
        text="an answer",
        finish_reason="stop",
        input_tokens=1,
        output_tokens=0,
        cost_usd=Decimal(0),
        priced=True,
        model="model",
        provider="provider",
        duration_ms=0,
    )


@pytest.fixture
def calls(postgres_store: PostgresCallStore, organisation_id: UUID) -> Calls:
    return Calls(postgres_store, organisation_id)


async def usage_of(database: Database, organisation_id: UUID, run_id: UUID) -> RunUsage | None:
    async with database.tenant(organisation_id) as session:
        return (await usages_of(session, organisation_id, [run_id])).get(run_id)


async def test_each_agent_and_each_file_has_what_its_calls_took_and_the_run_has_all(
    calls: Calls, database: Database, organisation_id: UUID
) -> None:
    run = uuid4()
    await calls.ended(
        run,
        "analyst",
        input_tokens=100,
        cached_tokens=60,
        cache_written_tokens=30,
        output_tokens=9,
        reasoning_tokens=4,
        cost_usd=Decimal("0.000000000001"),
        duration_ms=2_000,
        first_token_ms=500,
    )
    await calls.ended(run, "generator", "src/a.py", input_tokens=10, duration_ms=30)
    await calls.ended(run, "generator", "src/b.py", output_tokens=5, cost_usd=Decimal("2.5"))
    await calls.ended(run, "generator", "src/a.py", input_tokens=20, first_token_ms=100)
    await calls.ended(run, "tester", "tests/test_a.py", first_token_ms=200)

    usage = await usage_of(database, organisation_id, run)

    assert usage is not None
    assert usage.total == CallTotals(
        calls=5,
        completed=5,
        broken=0,
        failed=0,
        input_tokens=132,
        cached_tokens=60,
        cache_written_tokens=30,
        output_tokens=14,
        reasoning_tokens=4,
        priced_usd=Decimal("2.500000000001"),
        unpriced_calls=0,
        seconds=2.03,
        first_token_seconds=0.2,
    )
    assert usage.total.cost_usd == Decimal("2.500000000001")
    assert usage.total.cached_share == 60 / 132
    assert list(usage.by_agent) == ["analyst", "generator", "tester"], "as they came"
    assert usage.by_agent["generator"] == replace(
        NOTHING,
        calls=3,
        completed=3,
        input_tokens=31,
        output_tokens=5,
        priced_usd=Decimal("2.5"),
        seconds=0.03,
        first_token_seconds=0.1,
    )
    assert {path: one.input_tokens for path, one in usage.by_file.items()} == {
        None: 100,
        "src/a.py": 30,
        "src/b.py": 1,
        "tests/test_a.py": 1,
    }
    for parts in (usage.by_agent.values(), usage.by_file.values()):
        assert sum(one.calls for one in parts) == 5
        assert sum(one.priced_usd for one in parts) == usage.total.priced_usd


async def test_tries_that_failed_broke_off_or_go_on_are_told_apart(
    calls: Calls, database: Database, organisation_id: UUID
) -> None:
    run = uuid4()
    await calls.failed(run, "analyst")
    await calls.ended(run, "analyst", finish_reason=None, output_tokens=3, cost_usd=Decimal("0.3"))
    await calls.ended(run, "analyst", output_tokens=4, cost_usd=Decimal("0.4"))
    await calls.kept(run, "analyst", output_tokens=2, cost_usd=Decimal("0.2"), duration_ms=50)
    await calls.begun(run, "analyst")

    usage = await usage_of(database, organisation_id, run)

    assert usage is not None
    total = usage.total
    assert (total.calls, total.completed, total.broken, total.failed) == (5, 1, 1, 1)
    assert (total.output_tokens, total.cost_usd) == (9, Decimal("0.9")), "what was kept counts"
    assert total.seconds == 0.3, "what a failure took, too"


async def test_a_price_that_nobody_knows_is_never_taken_for_nothing(
    calls: Calls, database: Database, organisation_id: UUID
) -> None:
    run = uuid4()
    await calls.ended(run, "analyst", output_tokens=4, cost_usd=Decimal("0.4"))
    await calls.ended(run, "generator", "a.py", output_tokens=4, priced=False)
    await calls.failed(run, "generator")

    usage = await usage_of(database, organisation_id, run)

    assert usage is not None
    assert (usage.total.cost_usd, usage.total.priced_usd) == (None, Decimal("0.4"))
    assert usage.total.unpriced_calls == 1, "what failed took nothing that could have a price"
    assert usage.by_agent["analyst"].cost_usd == Decimal("0.4")
    assert usage.by_agent["generator"].cost_usd is None
    assert usage.by_file["a.py"].cost_usd is None


async def test_calls_from_before_agents_were_written_down_are_counted_together(
    calls: Calls, database: Database, organisation_id: UUID
) -> None:
    run = uuid4()
    await calls.ended(run, None, output_tokens=1)
    await calls.ended(run, None, output_tokens=2)

    usage = await usage_of(database, organisation_id, run)

    assert usage is not None
    assert usage.by_agent == usage.by_file == {None: usage.total}
    assert usage.total.output_tokens == 3


async def test_many_runs_are_read_by_one_statement_and_those_without_a_call_are_none(
    calls: Calls, database: Database, organisation_id: UUID
) -> None:
    first, second, quiet = uuid4(), uuid4(), uuid4()
    await calls.ended(first, "analyst", output_tokens=1)
    await calls.ended(second, "analyst", output_tokens=2)
    statements: list[str] = []

    async with database.tenant(organisation_id) as session:
        connection = await session.connection()
        event.listen(
            connection.sync_connection,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, *_: statements.append(statement),
        )
        found = await usages_of(session, organisation_id, [first, second, quiet])

    assert {run: one.total.output_tokens for run, one in found.items()} == {first: 1, second: 2}
    assert len(statements) == 1


async def test_another_organisations_calls_are_neither_asked_for_nor_seen(
    calls: Calls, database: Database, migrated: PostgresUrls, organisation_id: UUID
) -> None:
    run, stranger = uuid4(), await create_organisation(migrated.owner)
    await calls.ended(run, "analyst", output_tokens=1)
    assert await usage_of(database, stranger, run) is None
    async with database.tenant(stranger) as session:
        assert await usages_of(session, organisation_id, [run]) == {}, "rows are kept apart, too"
