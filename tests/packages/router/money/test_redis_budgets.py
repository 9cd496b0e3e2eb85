"""What only budgets in Redis can: many processes, outages, restarts, a cluster's slots."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from redis.asyncio import Redis
from redis.crc import key_slot

from quantumlayer.router.money import (
    BudgetsUnavailable,
    Period,
    RedisBudgets,
    Refused,
    Reserved,
    Scope,
    ScopeKind,
)
from tests.packages.router.money.conftest import Rows, Time, limit
from tests.support.redis_parts import MortalRedis, ServerClock, mortal_redis, said_by

CALLING = """
import asyncio, sys
from decimal import Decimal
from redis.asyncio import Redis
from quantumlayer.router.money import Limit, Period, RedisBudgets, Reserved, Scope, ScopeKind

async def call(budgets, limits, id_):
    outcome = await budgets.reserve(limits, Decimal(1), id_, lease_seconds=3600)
    if not isinstance(outcome, Reserved):
        return 0
    await asyncio.sleep(0.01)
    await budgets.settle(limits[0].scope.organisation_id, id_, Decimal(1))
    return 1

async def main(url, organisation, worker):
    budgets = RedisBudgets(Redis.from_url(url), patience_seconds=60)
    scopes = [(ScopeKind.ORGANISATION, organisation), (ScopeKind.KEY, worker)]
    limits = [
        Limit(Scope(organisation, *scope, Period.LIFETIME), Decimal(10)) for scope in scopes
    ]
    calls = (call(budgets, limits, f"{worker}-{number}") for number in range(50))
    print(sum(await asyncio.gather(*calls)))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_of_200_calls_at_once_from_four_processes_ten_are_paid_with_money_for_ten(
    redis: "Redis", redis_url: str, organisation: str
) -> None:
    said = await asyncio.gather(
        *(said_by(CALLING, redis_url, organisation, str(number)) for number in range(4))
    )

    scope = Scope(organisation, ScopeKind.ORGANISATION, organisation, Period.LIFETIME)
    standing = await RedisBudgets(redis).standing(scope)
    assert sum(int(paid) for paid in said) == 10
    assert (standing.spent_usd, standing.held_usd) == (Decimal(10), Decimal(0))


async def test_with_many_connections_no_more_is_paid_than_there_is_money(
    redis: "Redis", organisation: str, day: Scope, run: Scope
) -> None:
    budgets = RedisBudgets(redis, patience_seconds=60)
    limits = [limit(day, "10"), limit(run, None)]
    paid: list[Decimal] = []

    async def call(number: int) -> None:
        id_, cost = f"call {number}", Decimal(1 + number * 37 % 100) / 100
        while True:
            outcome = await budgets.reserve(limits, Decimal(1), id_, lease_seconds=3600)
            if isinstance(outcome, Reserved):
                await asyncio.gather(*(budgets.settle(organisation, id_, cost) for _ in range(3)))
                paid.append(cost)
                return
            if outcome.held_usd == 0:  # nothing in flight that could give anything back
                return

    await asyncio.gather(*(call(number) for number in range(200)))

    assert 9 < sum(paid) <= 10
    assert (await budgets.standing(run)).spent_usd == sum(paid)


@pytest.fixture
def budgets(redis: "Redis") -> RedisBudgets:
    return RedisBudgets(redis, patience_seconds=30)


async def test_a_killed_process_holds_nothing_back_when_its_lease_is_over(
    budgets: RedisBudgets, day: Scope
) -> None:
    await budgets.reserve([limit(day, "1")], Decimal(1), "the dead one's", lease_seconds=0.3)
    limits = [limit(day, "1")]
    async with asyncio.timeout(60):
        while True:
            next_ = await budgets.reserve(limits, Decimal(1), "the next", lease_seconds=60)
            if isinstance(next_, Reserved):
                break
            await asyncio.sleep(0.05)

    assert (await budgets.standing(day)).held_usd == 1


@pytest.mark.parametrize("jump", [3_600, -3_600], ids=["ahead", "back"])
async def test_a_clock_that_jumps_takes_nothing_from_calls_that_go_on_and_keeps_no_dead(
    redis: "Redis", organisation: str, day: Scope, jump: int
) -> None:
    server = ServerClock(redis)
    time = Time(server)
    await time.set(time.now)
    budgets, limits = RedisBudgets(redis, clock=server.lua, patience_seconds=30), [limit(day, "10")]
    for id_ in ("alive", "dead"):
        await budgets.reserve(limits, Decimal(5), id_, lease_seconds=60)

    await time.passes(seconds=jump)

    assert isinstance(await budgets.reserve(limits, Decimal(1), "n", lease_seconds=60), Refused)
    held = []
    for _ in range(4):
        held.append((await budgets.standing(day)).held_usd)
        await budgets.renew(organisation, "alive", lease_seconds=60)
        await time.passes(seconds=20)
    assert held[:2] == [10, 10]
    assert (await budgets.standing(day)).held_usd == 5
    assert await budgets.settle(organisation, "alive", Decimal(4))
    assert (await budgets.standing(day)).spent_usd == 4


async def test_what_one_process_reserved_another_renews_settles_and_releases(
    redis: "Redis", budgets: RedisBudgets, organisation: str, day: Scope, month: Scope
) -> None:
    other, limits = RedisBudgets(redis, patience_seconds=30), [limit(day, "9"), limit(month, "9")]
    for id_ in ("settled", "released"):
        await budgets.reserve(limits, Decimal(2), id_, lease_seconds=60)
        assert await other.renew(organisation, id_, lease_seconds=3600)

    assert await other.settle(organisation, "settled", Decimal(1))
    await other.release(organisation, "released")

    for scope in (day, month):
        standing = await budgets.standing(scope)
        assert (standing.spent_usd, standing.held_usd) == (Decimal(1), Decimal(0))
    assert await budgets.settle(organisation, "settled", Decimal(1))
    assert (await budgets.standing(day)).spent_usd == 1


async def test_all_keys_of_an_organisation_lie_in_one_slot_and_end_after_their_window(
    redis: "Redis", budgets: RedisBudgets, organisation: str, day: Scope, month: Scope, run: Scope
) -> None:
    forever = Scope(organisation, ScopeKind.KEY, "ci", Period.LIFETIME)
    limits = [limit(scope, "9") for scope in (day, month, run, forever)]
    await budgets.reserve(limits, Decimal(1), "settled", lease_seconds=60)
    await budgets.settle(organisation, "settled", Decimal(1))
    await budgets.reserve(limits, Decimal(1), "in flight", lease_seconds=86_400)

    names = [name async for name in redis.scan_iter(f"*{organisation}*")]
    assert len({key_slot(name) for name in names}) == 1
    left = {name.decode().split("}:")[1]: await redis.ttl(name) for name in names}
    a_day = timedelta(days=1).total_seconds()
    for leases in ("", ":leases"):
        assert a_day < left.pop(f"organisation:{organisation}:day{leases}") < 2 * a_day
        assert 31 * a_day < left.pop(f"project:checkout:month{leases}") < 33 * a_day
        assert 80 * a_day < left.pop(f"run:{run.id}:lifetime{leases}") < 91 * a_day
        assert left.pop(f"key:ci:lifetime{leases}") == -1
    assert 0 < left.pop("reservation:settled") <= 600
    assert a_day < left.pop("reservation:in%20flight") < 3 * a_day
    assert left == {}


async def test_windows_are_told_from_the_servers_clock_on_every_day(redis: "Redis") -> None:
    clock = ServerClock(redis)
    time = Time(clock)
    choose = random.Random(12)  # noqa: S311 - the same days every time
    budgets = RedisBudgets(redis, clock=clock.lua, patience_seconds=30)
    first, last = datetime(2024, 1, 1, tzinfo=UTC), datetime(2104, 3, 2, tzinfo=UTC)
    moments = sorted(first + choose.random() * (last - first) for _ in range(100))
    for moment in moments:
        await time.set(moment)
        for period in (Period.DAY, Period.MONTH):
            closes = (await budgets.standing(Scope("o", ScopeKind.KEY, "k", period))).closes_at
            midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
            if period is Period.DAY:
                assert closes == midnight + timedelta(days=1)
            else:
                assert closes == (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)


async def forget(redis: "Redis", organisation: str) -> None:
    """All that Redis knows of the organisation is gone, as after a restart without its file."""
    await redis.delete(*[name async for name in redis.scan_iter(f"*{organisation}*")])


async def test_a_scope_that_redis_has_lost_begins_again_with_what_the_rows_say(
    redis: "Redis", organisation: str, day: Scope
) -> None:
    rows = Rows()
    budgets = RedisBudgets(redis, spent_source=rows, patience_seconds=30, grace_seconds=0.1)
    await budgets.reserve([limit(day, "10")], Decimal(4), "before", lease_seconds=60)
    rows.spent[day] = Decimal(8)
    await forget(redis, organisation)

    # Its money stands in the rows only, which are asked by whoever comes next.
    assert not await budgets.settle(organisation, "before", Decimal(4))
    refused = await budgets.reserve([limit(day, "10")], Decimal(3), "after", lease_seconds=60)

    assert not isinstance(refused, Reserved)
    assert (refused.spent_usd, refused.held_usd) == (Decimal(8), Decimal(0))


async def test_what_is_held_back_for_calls_in_flight_is_held_back_again_after_a_loss(
    redis: "Redis", organisation: str, day: Scope
) -> None:
    rows = Rows()
    one, two = (
        RedisBudgets(redis, spent_source=rows, patience_seconds=30, grace_seconds=1)
        for _ in range(2)
    )
    limits = [limit(day, "10")]
    await one.reserve(limits, Decimal(3), "one", lease_seconds=60)
    await two.reserve(limits, Decimal(4), "two", lease_seconds=60)
    await one.attend([organisation])
    await two.attend([organisation])
    await forget(redis, organisation)

    # The first comes with a new call and waits; the second looks whether all is as it was.
    new = asyncio.create_task(one.reserve(limits, Decimal(4), "new", lease_seconds=60))
    await asyncio.sleep(0.2)
    await two.attend([])
    refused = await new

    assert not isinstance(refused, Reserved)
    assert (refused.spent_usd, refused.held_usd) == (Decimal(0), Decimal(7))
    assert await two.settle(organisation, "two", Decimal(1))
    assert await one.settle(organisation, "one", Decimal(2))
    standing = await one.standing(day)
    assert (standing.spent_usd, standing.held_usd) == (Decimal(3), Decimal(0))


async def test_a_call_that_ends_while_its_scope_is_lost_is_counted_once_when_it_is_known_again(
    redis: "Redis", organisation: str, day: Scope, month: Scope
) -> None:
    rows = Rows()
    budgets = RedisBudgets(redis, spent_source=rows, patience_seconds=30, grace_seconds=0.5)
    limits = [limit(day, "10"), limit(month, "10")]
    await budgets.reserve(limits, Decimal(4), "call", lease_seconds=60)
    await forget(redis, organisation)
    await budgets.attend([organisation])

    with pytest.raises(BudgetsUnavailable, match="not known again yet"):
        await budgets.settle(organisation, "call", Decimal(3))
    rows.calls = {"call": Decimal(3), "another": Decimal(1)}  # its row is written all the same
    async with asyncio.timeout(10):
        while True:
            await budgets.attend([organisation])
            try:
                assert await budgets.settle(organisation, "call", Decimal(3))
                break
            except BudgetsUnavailable:
                await asyncio.sleep(0.1)

    for scope in (day, month):
        standing = await budgets.standing(scope)
        assert (standing.spent_usd, standing.held_usd) == (Decimal(4), Decimal(0))


async def test_an_organisation_of_which_nothing_was_lost_waits_for_nobody(
    redis: "Redis", organisation: str, day: Scope, month: Scope
) -> None:
    budgets = RedisBudgets(redis, spent_source=Rows(), patience_seconds=30, grace_seconds=0.1)
    await budgets.reserve([limit(day, "10")], Decimal(1), "first", lease_seconds=60)
    patient = RedisBudgets(redis, spent_source=Rows(), patience_seconds=30, grace_seconds=0.1)

    async with asyncio.timeout(30):
        other = [limit(day, "10"), limit(month, "10")]
        reserved = await patient.reserve(other, Decimal(1), "second", lease_seconds=60)

    assert isinstance(reserved, Reserved)


@pytest.mark.slow
async def test_however_often_redis_is_emptied_no_more_is_paid_than_there_is_money(
    redis: "Redis", organisation: str, day: Scope
) -> None:
    rows = Rows()
    processes = [
        RedisBudgets(redis, spent_source=rows, patience_seconds=30, grace_seconds=0.6)
        for _ in range(4)
    ]
    limits = [limit(day, "10")]

    async def call(number: int) -> bool:
        budgets, id_ = processes[number % 4], f"call {number}"
        outcome = await budgets.reserve(limits, Decimal(1), id_, lease_seconds=60)
        if not isinstance(outcome, Reserved):
            return False
        await asyncio.sleep(number % 7 / 10)
        cost = Decimal(1 + number % 10) / 10
        while True:
            try:
                await budgets.settle(organisation, id_, cost)
                break
            except BudgetsUnavailable:
                rows.calls[id_] = cost  # the answer does not wait for Redis
                await asyncio.sleep(0.1)
        rows.calls[id_] = cost
        return True

    async def every_moment(budgets: RedisBudgets) -> None:
        while True:
            await budgets.attend([organisation])
            await asyncio.sleep(0.1)

    attending = [asyncio.create_task(every_moment(budgets)) for budgets in processes]
    wave, paid_in_wave = 0, [True]
    while any(paid_in_wave):
        calls = asyncio.gather(*(call(wave * 50 + number) for number in range(50)))
        await asyncio.sleep(0.3)
        await forget(redis, organisation)
        paid_in_wave = await calls
        wave += 1
    standing = await processes[0].standing(day)
    for task in attending:
        task.cancel()

    paid = sum(rows.calls.values())
    assert wave > 1
    assert 9 < paid <= 10
    assert (standing.spent_usd, standing.held_usd) == (paid, Decimal(0))


async def test_settling_into_a_lost_scope_says_that_the_money_is_not_counted(
    redis: "Redis", budgets: RedisBudgets, organisation: str, day: Scope
) -> None:
    await budgets.reserve([limit(day, "10")], Decimal(4), "call", lease_seconds=60)
    await redis.delete(*[name async for name in redis.scan_iter(f"*{organisation}*:day*")])

    assert not await budgets.settle(organisation, "call", Decimal(4))


async def test_sums_stop_at_the_top_instead_of_failing(
    budgets: RedisBudgets, organisation: str, run: Scope
) -> None:
    for number in range(3):
        await budgets.reserve([limit(run, None)], Decimal(1), f"{number}", lease_seconds=60)
        assert await budgets.settle(organisation, f"{number}", Decimal(4_000_000))

    refused = await budgets.reserve([limit(run, "4000000")], Decimal(1), "x", lease_seconds=60)
    assert not isinstance(refused, Reserved)
    assert refused.spent_usd == Decimal("9223372.036854775807")


async def test_nobody_there_means_that_nothing_may_be_spent(day: Scope) -> None:
    async with Redis.from_url("redis://127.0.0.1:1/0") as nobody:
        budgets = RedisBudgets(nobody, patience_seconds=0.5)
        with pytest.raises(BudgetsUnavailable, match="nothing may be spent"):
            await budgets.reserve([limit(day, "10")], Decimal(1), "call", lease_seconds=60)
        with pytest.raises(BudgetsUnavailable):
            await budgets.standing(day)


@pytest.fixture(scope="module")
def server() -> Iterator[MortalRedis]:
    with mortal_redis() as server:
        yield server


@pytest.fixture
async def mortal(server: MortalRedis) -> AsyncIterator["Redis"]:
    async with Redis.from_url(server.url) as client:
        yield client


async def back_again(budgets: RedisBudgets, scope: Scope) -> Decimal:
    """What is spent, once Redis serves again."""
    async with asyncio.timeout(60):
        while True:
            try:
                return (await budgets.standing(scope)).spent_usd
            except BudgetsUnavailable:
                await asyncio.sleep(0.1)


async def test_while_redis_is_silent_nothing_is_spent_and_afterwards_all_is_as_before(
    server: MortalRedis, mortal: "Redis", organisation: str, run: Scope
) -> None:
    budgets = RedisBudgets(mortal, patience_seconds=0.3)
    await budgets.reserve([limit(run, "10")], Decimal(1), "before", lease_seconds=3600)
    process = server.process()
    process.suspend()
    try:
        for number in range(5):
            with pytest.raises(BudgetsUnavailable, match="did not answer"):
                await budgets.reserve(
                    [limit(run, "10")], Decimal(1), f"silence {number}", lease_seconds=0.1
                )
    finally:
        process.resume()

    assert await back_again(budgets, run) == 0
    # Answers that came too late are nobody's: each next question gets its own.
    assert await budgets.settle(organisation, "before", Decimal("0.5"))
    assert not await budgets.settle(organisation, "never reserved", Decimal(3))
    assert await back_again(budgets, run) == Decimal("0.5")


async def test_a_redis_that_has_no_memory_left_takes_no_reservation(
    mortal: "Redis", day: Scope, run: Scope
) -> None:
    budgets = RedisBudgets(mortal, patience_seconds=30)
    await mortal.config_set("maxmemory", "1")
    try:
        with pytest.raises(BudgetsUnavailable, match="nothing may be spent"):
            limits = [limit(day, "10"), limit(run, "10")]
            await budgets.reserve(limits, Decimal(1), "call", lease_seconds=3600)
    finally:
        await mortal.config_set("maxmemory", "0")

    assert (await budgets.standing(day)).held_usd == 0


async def test_what_is_spent_and_held_outlives_a_restart_of_redis(
    server: MortalRedis, mortal: "Redis", organisation: str, day: Scope, run: Scope
) -> None:
    budgets = RedisBudgets(mortal, patience_seconds=1)
    limits = [limit(day, "10"), limit(run, "10")]
    await budgets.reserve(limits, Decimal(3), "settled", lease_seconds=3600)
    await budgets.settle(organisation, "settled", Decimal(2))
    await budgets.reserve(limits, Decimal(4), "in flight", lease_seconds=3600)

    server.process().send_signal(signal.SIGTERM)

    assert await back_again(budgets, run) == 2
    standing = await budgets.standing(day)
    assert (standing.spent_usd, standing.held_usd) == (Decimal(2), Decimal(4))
    assert await budgets.settle(organisation, "in flight", Decimal(4))
    assert (await budgets.standing(day)).spent_usd == 6
