"""The cache on a real Redis: shared, partitioned by organisation, and never in the way."""

import asyncio
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from quantumlayer.router.answers import (
    Answer,
    AnswerCache,
    AnswerKey,
    Keeping,
    Lookup,
    MemoryAnswers,
    Outcome,
    RedisAnswers,
    RedisGone,
    answer_key,
)
from tests.support.clocks import Clock
from tests.support.cutting_proxy import cutting_proxy
from tests.support.redis_server import redis_server
from tests.support.routing_parts import seeded

PATIENT_SECONDS = 30.0
MISS = Lookup(Outcome.MISS)
UNAVAILABLE = Lookup(Outcome.UNAVAILABLE)


def a_key(organisation_id: UUID, question: str = "why") -> AnswerKey:
    return answer_key(organisation_id, {"messages": question})


def an_answer(text: str = "because") -> Answer:
    return Answer(200, (("content-type", "text/event-stream"),), (text.encode(), b"\n"), True)


def a_cache(
    redis: Redis | None,
    *,
    ttl_seconds: float = 3600,
    most_bytes: int = 1024 * 1024,
    clock: Callable[[], float] = time.monotonic,
) -> AnswerCache:
    """The usual one, which waits longer: a busy machine is no failure."""
    return AnswerCache.of(
        redis,
        ttl_seconds=ttl_seconds,
        most_bytes=most_bytes,
        limit_seconds=PATIENT_SECONDS,
        clock=clock,
    )


def hit(answer: Answer) -> Lookup:
    return Lookup(Outcome.HIT, answer)


async def test_an_answer_is_given_again_by_every_process(
    redis: Redis, organisation_id: UUID
) -> None:
    key = a_key(organisation_id)
    first, second = a_cache(redis), a_cache(redis)

    assert await first.find(key) == MISS
    assert await first.keep(key, an_answer()) is Keeping.KEPT
    assert await first.find(key) == hit(an_answer())
    assert await second.find(key) == hit(an_answer())
    assert first.lookups == {Outcome.MISS: 1, Outcome.HIT: 1}


async def test_what_was_found_in_redis_is_in_memory_from_then_on(
    redis: Redis, organisation_id: UUID
) -> None:
    key = a_key(organisation_id)
    await a_cache(redis).keep(key, an_answer())
    cache = a_cache(redis)
    await cache.find(key)
    await redis.delete(key.redis_name)

    assert await cache.find(key) == hit(an_answer())


async def test_one_organisation_never_reads_what_another_was_answered(redis: Redis) -> None:
    ours, theirs = uuid4(), uuid4()
    cache = a_cache(redis)
    await cache.keep(a_key(theirs), an_answer("their secret"))

    assert await cache.find(a_key(ours)) == MISS
    assert await a_cache(redis).find(a_key(ours)) == MISS
    assert [name async for name in redis.scan_iter(f"answers:{{{ours}}}:*")] == []


async def test_an_answer_that_lies_under_another_organisations_name_is_not_given_out(
    redis: Redis,
) -> None:
    ours, theirs = a_key(uuid4()), a_key(uuid4())
    await a_cache(redis).keep(theirs, an_answer("their secret"))
    await redis.copy(theirs.redis_name, ours.redis_name)

    assert await a_cache(redis).find(ours) == MISS


async def test_an_answer_expires_in_redis_and_memory_alike(
    redis: Redis, organisation_id: UUID
) -> None:
    key = a_key(organisation_id)
    writer, reader = a_cache(redis, ttl_seconds=2), a_cache(redis)
    await writer.keep(key, an_answer())
    await asyncio.sleep(0.1)
    assert await reader.find(key) == hit(an_answer())
    await asyncio.sleep(2)

    assert await reader.find(key) == MISS
    assert await writer.find(key) == MISS


@pytest.mark.parametrize(
    ("answer", "keeping"),
    [
        (Answer(200, (), (b"half",), complete=False), Keeping.INCOMPLETE),
        (Answer(500, (), (b"oh",)), Keeping.INCOMPLETE),
        (Answer(400, (), (b"no",)), Keeping.INCOMPLETE),
        (Answer(200, (), (bytes(1001),)), Keeping.TOO_LARGE),
    ],
)
async def test_only_whole_good_answers_of_a_fair_size_are_kept(
    redis: Redis, organisation_id: UUID, answer: Answer, keeping: Keeping
) -> None:
    key = a_key(organisation_id)
    cache = a_cache(redis, most_bytes=1000)

    assert await cache.keep(key, answer) is keeping
    assert await cache.find(key) == MISS
    assert cache.keepings == {keeping: 1}


async def test_a_large_answer_is_compressed_in_redis(redis: Redis, organisation_id: UUID) -> None:
    key, answer = a_key(organisation_id), an_answer("because " * 50_000)
    await a_cache(redis).keep(key, answer)

    assert await redis.strlen(key.redis_name) < answer.size / 20
    assert await a_cache(redis).find(key) == hit(answer)


async def test_a_question_that_may_not_be_cached_is_off(redis: Redis) -> None:
    cache = a_cache(redis)
    assert await cache.keep(None, an_answer()) is Keeping.OFF
    assert await cache.find(None) == Lookup(Outcome.OFF)


async def test_without_redis_it_is_a_cache_of_this_process(organisation_id: UUID) -> None:
    cache = a_cache(None)
    assert await cache.keep(a_key(organisation_id), an_answer()) is Keeping.KEPT
    assert await cache.find(a_key(organisation_id)) == hit(an_answer())
    assert await cache.find(a_key(uuid4())) == MISS


async def test_what_lies_there_and_is_no_answer_is_a_miss_and_counted(
    redis: Redis, organisation_id: UUID
) -> None:
    key = a_key(organisation_id)
    await redis.set(key.redis_name, b"something else")
    shared = RedisAnswers(
        redis, most_bytes=1000, clock=time.monotonic, limit_seconds=PATIENT_SECONDS
    )

    assert await shared.find(key) is None
    assert shared.unreadable == 1


@pytest.mark.slow
async def test_a_redis_that_goes_and_comes_back_costs_hits_and_nothing_else(
    organisation_id: UUID, clock: Clock
) -> None:
    known, other = a_key(organisation_id), a_key(organisation_id, "when")
    async with redis_server() as server, server.client() as redis:
        shared = RedisAnswers(redis, most_bytes=10_000, clock=clock, limit_seconds=PATIENT_SECONDS)
        memory = MemoryAnswers(10_000, clock)
        cache = AnswerCache(memory, shared, ttl_seconds=3600, most_bytes=1000)
        await cache.keep(known, an_answer())

        await server.stop()
        assert await cache.find(known) == hit(an_answer())
        for _ in range(200):
            assert await cache.find(other) == UNAVAILABLE
        assert await cache.keep(other, an_answer("now")) is Keeping.UNAVAILABLE
        assert await cache.find(other) == hit(an_answer("now"))
        # It was asked once; for the rest of its rest nobody waited for it.
        assert shared.failures == 1
        clock.passes(1)
        assert await cache.find(a_key(organisation_id, "who")) == UNAVAILABLE
        assert shared.failures == 2

        await server.start()
        assert await cache.find(a_key(organisation_id, "who")) == UNAVAILABLE
        clock.passes(1)
        assert await cache.find(a_key(organisation_id, "who")) == MISS
        assert await a_cache(redis).find(known) == hit(an_answer())


async def test_a_redis_that_hangs_is_given_up_after_its_limit(organisation_id: UUID) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with Redis(host="127.0.0.1", port=port) as redis:
            shared = RedisAnswers(
                redis, most_bytes=1000, clock=time.monotonic, limit_seconds=0.1, rest_seconds=60
            )
            with pytest.raises(RedisGone, match="TimeoutError"):
                await shared.find(a_key(organisation_id))
            with pytest.raises(RedisGone, match="a moment ago"):
                await shared.find(a_key(organisation_id))


@pytest.mark.parametrize("cut_after", [1, 40, 200, 700])
async def test_an_answer_cut_on_its_way_is_unavailable_and_then_whole(
    redis: Redis, redis_url: str, organisation_id: UUID, clock: Clock, cut_after: int
) -> None:
    key, answer = a_key(organisation_id), an_answer("".join(map(str, range(4000))))
    await a_cache(redis).keep(key, answer)
    async with cutting_proxy(redis_url) as proxy:
        port = int(proxy.url.rpartition(":")[2])
        url = f"{redis_url.rpartition(':')[0]}:{port}/0"
        async with Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as through:
            cache = a_cache(through, clock=clock)
            proxy.cut_after = cut_after
            outcomes: list[Lookup] = []
            while not outcomes or outcomes[-1] == UNAVAILABLE:
                outcomes.append(await cache.find(key))
                clock.passes(2)

    assert outcomes == [UNAVAILABLE, hit(answer)]


async def test_calls_given_up_at_any_moment_never_leave_their_answers_to_others(
    redis_url: str,
) -> None:
    """A connection that still holds somebody's reply must not be used again."""
    keys = [a_key(uuid4()) for _ in range(20)]
    rng = seeded(5)
    async with Redis.from_url(redis_url, max_connections=8) as redis:
        shared = RedisAnswers(
            redis,
            most_bytes=100_000,
            clock=time.monotonic,
            rest_seconds=0,
            limit_seconds=PATIENT_SECONDS,
        )

        async def keep(number: int) -> None:
            await shared.keep(keys[number], an_answer(f"of {number}"), ttl_seconds=60)

        for number in range(20):
            await keep(number)

        async def ask(number: int) -> None:
            found = await shared.find(keys[number])
            assert found is not None
            assert found[0] == an_answer(f"of {number}")

        ends: list[object] = []
        for _ in range(40):
            asked = [asyncio.create_task(ask(rng.randrange(20))) for _ in range(8)]
            for task in asked[:4]:
                await asyncio.sleep(rng.random() / 3000)
                task.cancel()
            ends += await asyncio.gather(*asked, return_exceptions=True)
    given_up = sum(isinstance(end, asyncio.CancelledError) for end in ends)
    assert given_up > 40
    assert ends.count(None) == len(ends) - given_up
    assert shared.unreadable == 0
