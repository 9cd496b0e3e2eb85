"""What every call store must do, and what only the one in PostgreSQL can."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import Database
from quantumlayer.router import Amount, CallStore, PostgresCallStore
from quantumlayer.router.store import Busy, Claim, Granted, Refused, Replayed, StoredReply
from quantumlayer.router.tables import ModelBudget, ModelCall
from tests.support.model_server import JsonReply, ModelServer, Silence, TextReply
from tests.support.platform import PostgresUrls
from tests.support.router_parts import ADA, Person, create_organisation, question, router_to

ROOT = Path(__file__).parents[3]


def a_claim(organisation_id: UUID, *, run_id: UUID | None = None, usd: str = "1") -> Claim:
    return Claim(
        organisation_id=organisation_id,
        run_id=run_id,
        idempotency_key=str(uuid4()),
        request_hash="hash",
        task="task",
        model="model",
        provider="provider",
        answered=0,
        reserve=Amount(Decimal(usd), 10),
    )


def a_reply(call_id: UUID, *, usd: str = "0.25") -> StoredReply:
    return StoredReply(
        call_id=call_id,
        text="an answer",
        finish_reason="stop",
        input_tokens=3,
        output_tokens=4,
        cost_usd=Decimal(usd),
        priced=True,
        model="model",
        provider="provider",
        duration_ms=5,
    )


async def granted(store: CallStore, claim: Claim) -> UUID:
    outcome = await store.claim(claim)
    assert isinstance(outcome, Granted)
    return outcome.call_id


async def lease_is_over(store: CallStore) -> None:
    await asyncio.sleep(store.lease_seconds + 0.1)


async def amounts(store: CallStore, organisation_id: UUID, run_id: UUID) -> tuple[Amount, Amount]:
    budget = await store.budget(organisation_id, run_id)
    assert budget is not None
    return budget.reserved, budget.spent


NOTHING = Amount(Decimal(0), 0)


async def test_no_part_of_a_cent_is_rounded_away(store: CallStore, organisation_id: UUID) -> None:
    run_id, picodollar = uuid4(), "0.000000000001"
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(5))
    call_id = await granted(
        store, a_claim(organisation_id, run_id=run_id, usd=f"1{picodollar[1:]}")
    )
    reserved, _ = await amounts(store, organisation_id, run_id)
    assert reserved.usd == 1 + Decimal(picodollar)

    await store.complete(organisation_id, a_reply(call_id, usd=picodollar))

    assert await amounts(store, organisation_id, run_id) == (
        NOTHING,
        Amount(Decimal(picodollar), 7),
    )


async def test_who_asked_about_which_file_stands_in_the_log(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=None)
    claim = a_claim(organisation_id, run_id=run_id)
    await granted(store, replace(claim, agent="generator", path="src/orders.py"))
    await granted(store, replace(claim, idempotency_key=str(uuid4())))

    logged = [(call.agent, call.path) for call in await store.calls(organisation_id, run_id)]

    assert logged == [("generator", "src/orders.py"), (None, None)]


async def test_a_claim_is_exclusive_until_its_reply_is_stored(
    store: CallStore, organisation_id: UUID
) -> None:
    claim = a_claim(organisation_id)
    call_id = await granted(store, claim)

    assert await store.claim(claim) == Busy()
    assert await store.complete(organisation_id, a_reply(call_id))
    assert await store.claim(claim) == Replayed((a_reply(call_id),))
    assert isinstance(await store.claim(replace(claim, answered=1)), Granted)


async def test_storing_a_reply_twice_counts_it_once(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(5))
    call_id = await granted(store, a_claim(organisation_id, run_id=run_id))

    assert await store.complete(organisation_id, a_reply(call_id))
    assert await store.complete(organisation_id, a_reply(call_id))
    assert await amounts(store, organisation_id, run_id) == (NOTHING, Amount(Decimal("0.25"), 7))


async def test_the_claim_of_the_dead_passes_to_the_next_who_asks(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal("1.5"))
    claim = a_claim(organisation_id, run_id=run_id)
    await granted(store, claim)
    await lease_is_over(store)

    await granted(store, claim)

    first, second = await store.calls(organisation_id, run_id)
    assert (first.state, first.ordinal) == ("failed", 0)
    assert "abandoned" in (first.error or "")
    assert (second.state, second.ordinal) == ("reserved", 1)
    assert await amounts(store, organisation_id, run_id) == (Amount(Decimal(1), 10), NOTHING)


async def test_a_claim_that_is_renewed_is_alive(store: CallStore, organisation_id: UUID) -> None:
    claim = a_claim(organisation_id)
    call_id = await granted(store, claim)
    for _ in range(5):
        await asyncio.sleep(store.lease_seconds / 4)
        await store.renew(organisation_id, call_id)
    assert await store.claim(claim) == Busy()


async def test_a_reply_that_comes_after_its_claim_was_given_away_is_charged_and_not_used(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(5))
    claim = a_claim(organisation_id, run_id=run_id)
    late = await granted(store, claim)
    await lease_is_over(store)
    other = await granted(store, claim)

    assert not await store.complete(organisation_id, a_reply(late))
    assert not await store.complete(organisation_id, a_reply(late))
    assert await store.complete(organisation_id, a_reply(other))

    assert await store.claim(claim) == Replayed((a_reply(other),))
    assert await amounts(store, organisation_id, run_id) == (NOTHING, Amount(Decimal("0.5"), 14))
    first, _ = await store.calls(organisation_id, run_id)
    assert (first.state, first.cost_usd) == ("failed", Decimal("0.25"))
    assert "superseded" in (first.error or "")


def a_partial(call_id: UUID, *, usd: str = "0.1", tokens: int = 2) -> StoredReply:
    """What has come so far of `a_reply`."""
    return replace(
        a_reply(call_id, usd=usd), text="an ans", finish_reason=None, output_tokens=tokens
    )


async def test_what_the_dead_kept_is_paid_once_and_stands_as_a_broken_reply(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(5))
    claim = a_claim(organisation_id, run_id=run_id)
    call_id = await granted(store, claim)
    await store.keep(organisation_id, a_partial(call_id, usd="0.05", tokens=1))
    await store.keep(organisation_id, a_partial(call_id))
    assert await amounts(store, organisation_id, run_id) == (Amount(Decimal(1), 10), NOTHING)
    assert await store.claim(claim) == Busy()
    await lease_is_over(store)

    both = await asyncio.gather(*(store.claim(claim) for _ in range(2)))

    assert both == [Replayed((a_partial(call_id),))] * 2
    assert a_partial(call_id).broken
    assert await amounts(store, organisation_id, run_id) == (NOTHING, Amount(Decimal("0.1"), 5))
    (call,) = await store.calls(organisation_id, run_id)
    assert (call.state, call.finish_reason, call.output_tokens) == ("broken", None, 2)
    assert "abandoned" in (call.error or "")
    assert isinstance(await store.claim(replace(claim, answered=1)), Granted)


async def test_of_a_reply_that_comes_after_its_part_was_paid_only_the_rest_is_charged(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(5))
    claim = a_claim(organisation_id, run_id=run_id)
    late = await granted(store, claim)
    await store.keep(organisation_id, a_partial(late))
    await lease_is_over(store)
    assert await store.claim(claim) == Replayed((a_partial(late),))

    await store.keep(organisation_id, a_partial(late, usd="0.2", tokens=3))
    assert not await store.complete(organisation_id, a_reply(late))
    assert not await store.complete(organisation_id, a_reply(late))

    found = await store.claim(claim)
    assert isinstance(found, Replayed)
    assert [reply.text for reply in found.replies] == ["an ans"], "the others went on from it"
    assert found.replies[0].broken
    assert await amounts(store, organisation_id, run_id) == (NOTHING, Amount(Decimal("0.25"), 7))
    (call,) = await store.calls(organisation_id, run_id)
    assert (call.state, call.cost_usd) == ("broken", Decimal("0.25"))
    assert "superseded" in (call.error or "")


async def test_a_reply_that_broke_off_is_stored_with_its_reason_and_replayed_in_its_order(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(5))
    claim = a_claim(organisation_id, run_id=run_id)
    broken = a_partial(await granted(store, claim))
    for _ in range(2):  # a connection may break while the first answer is on its way
        assert await store.complete(organisation_id, broken, error="Timeout: silent")
    whole = a_reply(await granted(store, replace(claim, answered=1)))
    assert await store.complete(organisation_id, whole)

    assert await store.claim(claim) == Replayed((broken, whole))
    first, _ = await store.calls(organisation_id, run_id)
    assert (first.state, first.error) == ("broken", "Timeout: silent")
    assert await amounts(store, organisation_id, run_id) == (NOTHING, Amount(Decimal("0.35"), 12))


async def test_what_was_kept_of_a_call_that_fails_is_paid(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(5))
    call_id = await granted(store, a_claim(organisation_id, run_id=run_id))
    await store.keep(organisation_id, a_partial(call_id))
    await store.fail(organisation_id, call_id, error="Timeout: silent", duration_ms=12)

    (call,) = await store.calls(organisation_id, run_id)
    assert (call.state, call.error, call.duration_ms) == ("broken", "Timeout: silent", 12)
    assert await amounts(store, organisation_id, run_id) == (NOTHING, Amount(Decimal("0.1"), 5))


async def test_what_the_dead_of_another_key_kept_is_paid_when_the_budget_is_used_up(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal("1.05"))
    call_id = await granted(store, a_claim(organisation_id, run_id=run_id))
    await store.keep(organisation_id, a_partial(call_id))
    await lease_is_over(store)

    assert isinstance(await store.claim(a_claim(organisation_id, run_id=run_id)), Refused)
    assert await amounts(store, organisation_id, run_id) == (NOTHING, Amount(Decimal("0.1"), 5))
    await granted(store, a_claim(organisation_id, run_id=run_id, usd="0.9"))


async def test_tokens_are_remembered_by_their_kind(store: CallStore, organisation_id: UUID) -> None:
    run_id = uuid4()
    claim = a_claim(organisation_id, run_id=run_id)
    await store.open_budget(organisation_id, run_id, limit_usd=None)
    reply = replace(
        a_reply(await granted(store, claim)),
        cached_tokens=2,
        cache_written_tokens=1,
        reasoning_tokens=3,
        first_token_ms=4,
    )
    await store.complete(organisation_id, reply)

    assert await store.claim(claim) == Replayed((reply,))
    (call,) = await store.calls(organisation_id, run_id)
    assert (call.cached_tokens, call.cache_written_tokens, call.reasoning_tokens) == (2, 1, 3)
    assert call.first_token_ms == 4


async def test_what_the_dead_hold_back_is_found_when_the_budget_is_used_up(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(1))
    await granted(store, a_claim(organisation_id, run_id=run_id))

    refused = await store.claim(a_claim(organisation_id, run_id=run_id))
    assert isinstance(refused, Refused)
    assert refused.budget is not None
    assert refused.budget.reserved == Amount(Decimal(1), 10)

    await lease_is_over(store)
    await granted(store, a_claim(organisation_id, run_id=run_id))


async def test_a_claim_that_is_just_being_ended_late_is_not_waited_for(
    database: Database, postgres_store: PostgresCallStore, organisation_id: UUID
) -> None:
    """Its owner may be waiting for the budget that the other one has locked."""
    run_id = uuid4()
    await postgres_store.open_budget(organisation_id, run_id, limit_usd=Decimal(1))
    claim = a_claim(organisation_id, run_id=run_id)
    call_id = await granted(postgres_store, claim)
    await lease_is_over(postgres_store)
    async with database.tenant(organisation_id) as session, asyncio.timeout(60):
        await session.get(ModelCall, call_id, with_for_update=True)
        others = (a_claim(organisation_id, run_id=run_id), claim)
        refused, busy = [await postgres_store.claim(other) for other in others]

    assert isinstance(refused, Refused)
    assert busy == Busy()


async def test_limits_can_change_and_keep_what_is_spent(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(1))
    call_id = await granted(store, a_claim(organisation_id, run_id=run_id))
    await store.complete(organisation_id, a_reply(call_id))
    assert isinstance(await store.claim(a_claim(organisation_id, run_id=run_id)), Refused)

    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(2))
    await granted(store, a_claim(organisation_id, run_id=run_id))
    assert await amounts(store, organisation_id, run_id) == (
        Amount(Decimal(1), 10),
        Amount(Decimal("0.25"), 7),
    )


async def test_a_failed_call_says_why_and_frees_what_it_held(
    store: CallStore, organisation_id: UUID
) -> None:
    run_id = uuid4()
    await store.open_budget(organisation_id, run_id, limit_usd=Decimal(1))
    call_id = await granted(store, a_claim(organisation_id, run_id=run_id))
    await store.fail(organisation_id, call_id, error="RateLimited: slow down", duration_ms=12)

    (call,) = await store.calls(organisation_id, run_id)
    assert (call.state, call.error, call.duration_ms) == ("failed", "RateLimited: slow down", 12)
    assert await amounts(store, organisation_id, run_id) == (NOTHING, NOTHING)


async def test_two_organisations_may_use_one_key(
    postgres_store: PostgresCallStore, organisation_id: UUID, migrated: PostgresUrls
) -> None:
    claim = a_claim(organisation_id)
    call_id = await granted(postgres_store, claim)
    await postgres_store.complete(organisation_id, a_reply(call_id))

    other = replace(claim, organisation_id=await create_organisation(migrated.owner))
    assert isinstance(await postgres_store.claim(other), Granted)


async def test_row_level_security_hides_calls_and_budgets_from_others(
    database: Database,
    postgres_store: PostgresCallStore,
    organisation_id: UUID,
    migrated: PostgresUrls,
) -> None:
    await postgres_store.open_budget(organisation_id, uuid4(), limit_usd=Decimal(1))
    await granted(postgres_store, a_claim(organisation_id))
    stranger = await create_organisation(migrated.owner)

    async def seen_by(who: UUID) -> list[int | None]:
        async with database.tenant(who) as session:
            tables = (ModelCall, ModelBudget)
            return [
                await session.scalar(select(func.count()).select_from(table)) for table in tables
            ]

    assert await seen_by(organisation_id) == [1, 1]
    assert await seen_by(stranger) == [0, 0]


async def test_the_migration_makes_the_tables_that_the_code_declares(database: Database) -> None:
    wanted = {
        (model.__tablename__, column.name, column.nullable)
        for model in (ModelCall, ModelBudget)
        for column in model.__table__.columns
    }
    statement = text(
        "SELECT table_name, column_name, is_nullable = 'YES' FROM information_schema.columns "
        "WHERE table_name IN ('model_calls', 'model_budgets')"
    )
    async with database.nobody() as session:
        rows = (await session.execute(statement)).all()
    assert {tuple(row) for row in rows} == wanted


async def test_a_reply_with_a_null_byte_can_be_stored(
    postgres_store: PostgresCallStore, organisation_id: UUID
) -> None:
    async with ModelServer(lambda body: "\0 no" if len(body["messages"]) < 3 else ADA) as server:
        completion = await router_to(server.base_url, postgres_store).complete(
            question(organisation_id), Person
        )
    assert completion.usage.calls == 2


class _LosingTheFirstAnswer(Database):
    """A database whose connection breaks once, just after a reply was committed."""

    broken = False

    @asynccontextmanager
    async def tenant(self, organisation_id: UUID) -> AsyncIterator[AsyncSession]:
        async with super().tenant(organisation_id) as session:
            yield session
        if not self.broken:
            self.broken = True
            raise ConnectionResetError("cut while the answer was on its way")


async def test_a_broken_connection_neither_loses_a_reply_nor_counts_it_twice(
    postgres_store: PostgresCallStore, organisation_id: UUID, migrated: PostgresUrls
) -> None:
    run_id = uuid4()
    await postgres_store.open_budget(organisation_id, run_id, limit_usd=Decimal(5))
    claim = a_claim(organisation_id, run_id=run_id)
    call_id = await granted(postgres_store, claim)
    database = _LosingTheFirstAnswer(migrated.application)

    assert await PostgresCallStore(database).complete(organisation_id, a_reply(call_id))

    assert database.broken
    await database.close()
    assert await postgres_store.claim(claim) == Replayed((a_reply(call_id),))
    assert await amounts(postgres_store, organisation_id, run_id) == (
        NOTHING,
        Amount(Decimal("0.25"), 7),
    )


async def test_a_call_that_outlasts_its_lease_is_kept_alive(
    database: Database, organisation_id: UUID
) -> None:
    store = PostgresCallStore(database, lease_seconds=1.5)
    asked = question(organisation_id)
    async with ModelServer([JsonReply(value=ADA, delay_seconds=3.5, times=None)]) as server:
        routers = [router_to(server.base_url, store) for _ in range(2)]
        completions = await asyncio.gather(*(each.complete(asked, Person) for each in routers))

    assert len(server.requests) == 1
    assert completions[0].call_id == completions[1].call_id


ASKING = """
import asyncio, sys
from decimal import Decimal
from uuid import UUID
from quantumlayer.core.database import Database
from quantumlayer.router import CallLimits, PostgresCallStore
from tests.support.router_parts import A_CENT_A_TOKEN, Person, question, router_to

async def main(url, base_url, organisation_id, run_id):
    store = PostgresCallStore(Database(url), lease_seconds=1)
    limits = CallLimits(max_cost_usd=Decimal(1000), timeout_seconds=60)
    asked = question(UUID(organisation_id), key="key", run_id=UUID(run_id), limits=limits)
    router = router_to(base_url, store, price=A_CENT_A_TOKEN)
    completion = await router.complete(asked, Person)
    print(completion.value.name, completion.usage.from_store)

asyncio.run(main(*sys.argv[1:]))
"""


async def asking(url: str, server: ModelServer, *ids: UUID) -> asyncio.subprocess.Process:
    """A process of its own that asks the question once and prints the answer."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        ASKING,
        url,
        server.base_url,
        *(str(given) for given in ids),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )


@pytest.mark.slow
async def test_what_a_killed_process_had_received_is_paid_once_and_gone_on_from(
    postgres_store: PostgresCallStore, organisation_id: UUID, migrated: PostgresUrls
) -> None:
    run_id, answer = uuid4(), json.dumps(ADA)
    await postgres_store.open_budget(organisation_id, run_id, limit_usd=Decimal(1000))
    stalls = TextReply(content=answer, on_the_way=(Silence(after=20),))
    async with ModelServer([stalls, TextReply(content=answer[20:])]) as server:
        first = await asking(migrated.application, server, organisation_id, run_id)
        async with asyncio.timeout(60):
            while not await kept_tokens(  # noqa: ASYNC110 - it happens in another process
                postgres_store, organisation_id, run_id
            ):
                await asyncio.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        await first.communicate()
        second = await asking(migrated.application, server, organisation_id, run_id)
        said = (await second.communicate())[0].decode().strip()
        third = await asking(migrated.application, server, organisation_id, run_id)
        again = (await third.communicate())[0].decode().strip()

    assert (said, again) == ("Ada False", "Ada True")
    assert [message["content"] for message in server.requests[1].messages][-2] == answer[:20]
    assert len(server.requests) == 2
    broken, whole = await postgres_store.calls(organisation_id, run_id)
    assert (broken.state, whole.state) == ("broken", "completed")
    assert broken.output_tokens == 7, "20 characters, estimated: nobody counted them"
    paid = broken.input_tokens + broken.output_tokens + 18
    spent = Amount(Decimal("0.01") * paid, paid)
    assert await amounts(postgres_store, organisation_id, run_id) == (NOTHING, spent)


async def kept_tokens(store: CallStore, organisation_id: UUID, run_id: UUID) -> int:
    return sum(call.output_tokens for call in await store.calls(organisation_id, run_id))


@pytest.mark.slow
async def test_a_second_process_finds_the_reply_of_the_first(
    postgres_store: PostgresCallStore, organisation_id: UUID, migrated: PostgresUrls
) -> None:
    run_id = uuid4()
    await postgres_store.open_budget(organisation_id, run_id, limit_usd=Decimal(100))
    async with ModelServer([JsonReply(value=ADA, times=None, delay_seconds=0.5)]) as server:
        both = [
            await asking(migrated.application, server, organisation_id, run_id) for _ in range(2)
        ]
        said = [(await process.communicate())[0].decode().strip() for process in both]

    assert sorted(said) == ["Ada False", "Ada True"]
    assert len(server.requests) == 1


@pytest.mark.slow
async def test_a_process_killed_while_the_model_answers_delays_the_next_by_its_lease_only(
    postgres_store: PostgresCallStore, organisation_id: UUID, migrated: PostgresUrls
) -> None:
    run_id = uuid4()
    # There is room for one such call at a time: the dead one's reservation must come free.
    await postgres_store.open_budget(organisation_id, run_id, limit_usd=Decimal(100))
    slow_first = [JsonReply(value=ADA, delay_seconds=120), JsonReply(value=ADA)]
    async with ModelServer(slow_first) as server:
        first = await asking(migrated.application, server, organisation_id, run_id)
        await server.received(1)
        first.send_signal(signal.SIGKILL)
        await first.communicate()
        second = await asking(migrated.application, server, organisation_id, run_id)
        said = (await second.communicate())[0].decode().strip()

    assert said == "Ada False"
    calls = await postgres_store.calls(organisation_id, run_id)
    assert [call.state for call in calls] == ["failed", "completed"]
    reserved, spent = await amounts(postgres_store, organisation_id, run_id)
    assert reserved.is_nothing()
    assert spent == Amount(Decimal("0.18"), 18)
