"""What only a limiter in Redis can, and what is left when Redis is gone."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.crc import key_slot

from quantumlayer.router.limits import (
    FallbackLimiter,
    Granted,
    MemoryLimiter,
    RateLimit,
    RateSignals,
    RedisLimiter,
    Turn,
    Wait,
    take_turn,
)
from quantumlayer.router.redis_scripts import RedisAway
from tests.packages.router.limits.conftest import LEASE_SECONDS, Time, redis_limiter
from tests.support.redis_parts import ServerClock, mortal_redis, said_by

CALLING = """
import asyncio, sys
from redis.asyncio import Redis
from quantumlayer.router.limits import Granted, RateLimit, RedisLimiter

async def main(url, clock, name):
    limiter = RedisLimiter(Redis.from_url(url), patience_seconds=60, clock=clock)
    limit = RateLimit(name, requests_per_minute=10)
    answers = await asyncio.gather(*(limiter.acquire(limit, 0) for _ in range(25)))
    print(sum(isinstance(answer, Granted) for answer in answers))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_two_processes_keep_to_one_limit_together(
    redis: "Redis", redis_url: str, name: str
) -> None:
    clock = ServerClock(redis)
    await clock.set_microseconds(1_000_000_000)

    said = await asyncio.gather(*(said_by(CALLING, redis_url, clock.lua, name) for _ in range(2)))

    assert sum(int(granted) for granted in said) == 10


async def test_all_keys_of_a_limit_lie_in_one_slot_and_end_by_themselves(
    redis: "Redis", name: str
) -> None:
    limiter, limit = RedisLimiter(redis, patience_seconds=30), RateLimit(name, concurrent=1)
    assert isinstance(await limiter.acquire(limit, 0), Granted)
    assert isinstance(await limiter.acquire(limit, 0), Wait)

    names = [key async for key in redis.scan_iter(f"*{name.replace(' ', '%20')}*")]
    assert len(names) == 4
    assert len({key_slot(key) for key in names}) == 1
    assert all([0 < await redis.ttl(key) <= 7200 for key in names])


@pytest.mark.parametrize("jump", [3_600, -3_600])
async def test_a_clock_that_jumps_gives_no_running_calls_place_away_and_keeps_no_dead_ones(
    redis: "Redis", name: str, jump: float
) -> None:
    limiter, time = await redis_limiter(redis)
    await time.set(10_000_000_000)
    limit = RateLimit(name, concurrent=2)
    kept, dead = await take_turn(limiter, limit, 0), await take_turn(limiter, limit, 0)
    await time.passes(jump)
    assert isinstance(await limiter.acquire(limit, 0), Wait)
    for _ in range(4):
        await limiter.renew(limit, kept)
        await time.passes(LEASE_SECONDS / 3)
    assert isinstance(await limiter.acquire(limit, 0), Granted), f"{dead.id} died"
    assert isinstance(await limiter.acquire(limit, 0), Wait)


async def test_a_crowd_of_tasks_begins_one_by_one_after_a_refusal(
    redis: "Redis", name: str
) -> None:
    limiter, limit = RedisLimiter(redis, patience_seconds=30), RateLimit(name)
    refused = await take_turn(limiter, limit, 0)
    await limiter.observe(limit, RateSignals(retry_after_seconds=0.5), refused=refused)
    tasks = [asyncio.create_task(take_turn(limiter, limit, 0)) for _ in range(40)]
    turns = await asyncio.gather(*tasks)

    arrivals = [turn.arrival for turn in turns]
    assert len(set(arrivals) - {0}) >= 39
    assert {turn.pauses for turn in turns} == {1}


NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
async def nobody() -> AsyncIterator["Redis"]:
    async with Redis.from_url(NOBODY) as client:
        yield client


async def test_without_redis_each_worker_keeps_the_limit_alone_and_says_so(
    nobody: "Redis", name: str, caplog: pytest.LogCaptureFixture
) -> None:
    limit = RateLimit(name, requests_per_minute=2)
    limiter = FallbackLimiter(RedisLimiter(nobody, patience_seconds=0.2), MemoryLimiter())

    with caplog.at_level(logging.WARNING):
        answers = [await limiter.acquire(limit, 0) for _ in range(3)]

    assert [type(answer) for answer in answers] == [Granted, Granted, Wait]
    assert (limiter.outages, limiter.alone) == (1, 2)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "each worker alone" in caplog.text


async def test_while_redis_is_away_it_is_not_asked_every_time(nobody: "Redis", name: str) -> None:
    time, limit = Time(), RateLimit(name)
    asked: list[str] = []

    class Counting(RedisLimiter):
        async def acquire(
            self, limit: RateLimit, tokens: int, turn: Turn | None = None
        ) -> Granted | Wait:
            asked.append(limit.name)
            return await super().acquire(limit, tokens, turn)

    shared = Counting(nobody, patience_seconds=0.2)
    limiter = FallbackLimiter(shared, MemoryLimiter(), clock=time.seconds, retry_seconds=1)
    for _ in range(5):
        await limiter.acquire(limit, 0)
    assert len(asked) == 1

    await time.passes(1)
    await limiter.acquire(limit, 0)
    assert len(asked) == 2
    assert limiter.outages == 1


async def test_a_pause_holds_when_redis_goes_away_in_the_middle_of_it(
    redis: "Redis", nobody: "Redis", name: str
) -> None:
    limit, local = RateLimit(name), MemoryLimiter()
    before = FallbackLimiter(RedisLimiter(redis, patience_seconds=30), local)
    refused = await take_turn(before, limit, 0)
    await before.observe(limit, RateSignals(retry_after_seconds=60), refused=refused)

    after = FallbackLimiter(RedisLimiter(nobody, patience_seconds=0.2), local)
    answer = await after.acquire(limit, 0)
    assert isinstance(answer, Wait)
    assert answer.seconds > 50


async def test_a_limiter_outlives_the_death_of_redis_and_shares_again_afterwards(
    name: str,
) -> None:
    limit = RateLimit(name, concurrent=5)
    with mortal_redis() as server:
        async with Redis.from_url(server.url) as mortal:
            shared = RedisLimiter(mortal, patience_seconds=0.3)
            limiter = FallbackLimiter(shared, MemoryLimiter(), retry_seconds=0)
            before = await take_turn(limiter, limit, 0)
            process = server.process()
            process.suspend()
            meanwhile = await take_turn(limiter, limit, 0)
            process.kill()

            async with asyncio.timeout(60):
                while not (after := await take_turn(limiter, limit, 0)).shared:
                    await limiter.settle(limit, after, 0)
                    await asyncio.sleep(0.1)
            for turn in (before, meanwhile, after):
                await limiter.renew(limit, turn)
                await limiter.settle(limit, turn, 0)

    assert (before.shared, meanwhile.shared) == (True, False)
    assert limiter.outages >= 1


async def shared_or_none(limiter: RedisLimiter, limit: RateLimit) -> Granted | Wait | None:
    """What a limiter answers; None while Redis does not."""
    try:
        return await limiter.acquire(limit, 0)
    except RedisAway:
        return None


async def test_what_ended_while_redis_was_away_holds_no_place_when_it_is_back(name: str) -> None:
    limit = RateLimit(name, concurrent=1)
    with mortal_redis() as server:
        async with Redis.from_url(server.url) as mortal:
            shared = RedisLimiter(mortal, patience_seconds=0.3)
            limiter = FallbackLimiter(shared, MemoryLimiter(), retry_seconds=0)
            turn = await take_turn(limiter, limit, 0)
            process = server.process()

            process.suspend()
            await limiter.settle(limit, turn, 0)
            process.resume()

            async with asyncio.timeout(30):
                while not isinstance(next_ := await shared_or_none(shared, limit), Granted):
                    assert next_ is None, "its place is still held"
            assert limiter.outages == 1


async def test_a_place_that_nobody_waited_for_is_given_to_the_next(name: str) -> None:
    limit = RateLimit(name, concurrent=1)
    with mortal_redis() as server:
        async with Redis.from_url(server.url) as mortal:
            limiter = RedisLimiter(mortal, patience_seconds=30)
            # given: a call whose client leaves before its place is told of
            await limiter.settle(limit, await take_turn(limiter, limit, 0), 0)
            process = server.process()
            process.suspend()
            asking = asyncio.create_task(limiter.acquire(limit, 0))
            await asyncio.sleep(0.2)
            asking.cancel()
            process.resume()
            await asyncio.gather(asking, return_exceptions=True)
            # when, then
            assert isinstance(await limiter.acquire(limit, 0), Granted)
