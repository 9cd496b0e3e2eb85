"""The promise as a client sees it: answered once, replayed afterwards, whoever dies in between."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from quantumlayer.router.answers import (
    Answer,
    Beginning,
    Claim,
    Conflict,
    Ending,
    Idempotency,
    IdempotencyStore,
    IdempotencyUnavailable,
    InProgress,
    LateFinishes,
    MemoryIdempotency,
    NotKept,
    Ownership,
    RedisIdempotency,
    Replayed,
    request_hash,
)
from quantumlayer.router.leases import Leases
from tests.support.redis_server import redis_server
from tests.support.routing_parts import seeded

ROOT = Path(__file__).parents[4]
LEASE_SECONDS = 2.0
PATIENT_SECONDS = 30.0
ANSWER = Answer(200, (("content-type", "application/json"),), (b'{"choices":[]}',))
STREAM = Answer(
    200, (("content-type", "text/event-stream"),), (b"data: 1\n\n", b"data: 2\n\n"), True
)


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> IdempotencyStore:
    """Each of the two stores."""
    if request.param == "memory":
        return MemoryIdempotency(lease_seconds=LEASE_SECONDS)
    redis: Redis = request.getfixturevalue("redis")
    return RedisIdempotency(redis, lease_seconds=LEASE_SECONDS, limit_seconds=PATIENT_SECONDS)


@pytest.fixture
def idempotency(store: IdempotencyStore) -> Idempotency:
    return Idempotency(store)


def owned(beginning: Beginning) -> Ownership:
    assert isinstance(beginning, Ownership), beginning
    return beginning


async def answered(idempotency: Idempotency, organisation_id: UUID, answer: Answer) -> Ending:
    async with owned(await idempotency.begin(organisation_id, "key", "hash")) as ownership:
        return await ownership.finish(answer)


@pytest.mark.parametrize("answer", [ANSWER, STREAM])
async def test_the_answer_is_replayed_as_it_was_also_when_its_client_never_got_it(
    idempotency: Idempotency, organisation_id: UUID, answer: Answer
) -> None:
    assert await answered(idempotency, organisation_id, answer) is Ending.KEPT
    for _ in range(2):
        assert await idempotency.begin(organisation_id, "key", "hash") == Replayed(answer)


async def test_a_second_request_meanwhile_is_in_progress_and_a_different_one_a_conflict(
    idempotency: Idempotency, organisation_id: UUID
) -> None:
    async with owned(await idempotency.begin(organisation_id, "key", "hash")) as ownership:
        assert isinstance(await idempotency.begin(organisation_id, "key", "hash"), InProgress)
        assert await idempotency.begin(organisation_id, "key", "other") == Conflict()
        await ownership.finish(ANSWER)
    assert await idempotency.begin(organisation_id, "key", "other") == Conflict()


async def test_whoever_waits_gets_the_answer_when_it_is_there(
    idempotency: Idempotency, organisation_id: UUID
) -> None:
    async with owned(await idempotency.begin(organisation_id, "key", "hash")) as ownership:
        waiting = asyncio.create_task(
            idempotency.begin(organisation_id, "key", "hash", wait_seconds=60)
        )
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await ownership.finish(STREAM)
    assert await waiting == Replayed(STREAM)


async def test_an_answer_that_takes_longer_than_the_lease_keeps_its_key(
    idempotency: Idempotency, organisation_id: UUID
) -> None:
    async with owned(await idempotency.begin(organisation_id, "key", "hash")) as ownership:
        beginning = await idempotency.begin(
            organisation_id, "key", "hash", wait_seconds=2 * LEASE_SECONDS
        )
        assert isinstance(beginning, InProgress)
        assert await ownership.finish(ANSWER) is Ending.KEPT


@pytest.mark.parametrize(
    "failure",
    [
        Answer(429, (), (b"slow down",)),
        Answer(500, (), (b"oh",)),
        Answer(503, (), (b"later",)),
        Answer(401, (), (b"who are you",)),
        Answer(200, (), (b"data: ha",), streamed=True, complete=False),
    ],
)
async def test_a_failure_that_may_pass_is_not_kept(
    idempotency: Idempotency, organisation_id: UUID, failure: Answer
) -> None:
    assert await answered(idempotency, organisation_id, failure) is Ending.FREED
    assert await answered(idempotency, organisation_id, ANSWER) is Ending.KEPT


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_verdict_on_the_request_itself_is_kept(
    idempotency: Idempotency, organisation_id: UUID, status: int
) -> None:
    verdict = Answer(status, (), (b"no",))
    assert await answered(idempotency, organisation_id, verdict) is Ending.KEPT
    assert await idempotency.begin(organisation_id, "key", "hash") == Replayed(verdict)


async def test_an_owner_that_fails_or_is_cancelled_frees_the_key_at_once(
    idempotency: Idempotency, organisation_id: UUID
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with owned(await idempotency.begin(organisation_id, "key", "hash")):
            raise ZeroDivisionError

    async def answering() -> None:
        async with owned(await idempotency.begin(organisation_id, "key", "hash")):
            await asyncio.sleep(3600)

    task = asyncio.create_task(answering())
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait([task])
    assert await answered(idempotency, organisation_id, ANSWER) is Ending.KEPT


async def test_a_key_that_was_freed_stays_free(
    idempotency: Idempotency, organisation_id: UUID
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with owned(await idempotency.begin(organisation_id, "key", "hash")):
            raise ZeroDivisionError
    await asyncio.sleep(LEASE_SECONDS / 2)
    assert await answered(idempotency, organisation_id, ANSWER) is Ending.KEPT


async def test_an_owner_that_slept_through_its_lease_learns_that_another_took_over(
    store: IdempotencyStore, idempotency: Idempotency, organisation_id: UUID
) -> None:
    asleep = owned(await idempotency.begin(organisation_id, "key", "hash"))
    await asyncio.sleep(LEASE_SECONDS + 0.1)
    async with asleep:
        async with owned(await idempotency.begin(organisation_id, "key", "hash")) as heir:
            await asyncio.sleep(LEASE_SECONDS / 2)
            assert asleep.superseded
            assert not heir.superseded
            await heir.finish(STREAM)
        assert await asleep.finish(ANSWER) is Ending.SUPERSEDED
    assert await idempotency.begin(organisation_id, "key", "hash") == Replayed(STREAM)


async def test_an_answer_too_large_to_be_kept_is_never_paid_for_again(
    store: IdempotencyStore, organisation_id: UUID
) -> None:
    idempotency = Idempotency(store, most_bytes=100)
    large = Answer(200, (), (bytes(101),))
    assert await answered(idempotency, organisation_id, large) is Ending.TOO_LARGE
    assert await idempotency.begin(organisation_id, "key", "hash") == NotKept()


async def test_a_large_answer_of_many_chunks_comes_back_whole(
    idempotency: Idempotency, organisation_id: UUID
) -> None:
    large = Answer(200, (), tuple(b"data: %d\n\n" % number for number in range(30_000)), True)
    assert await answered(idempotency, organisation_id, large) is Ending.KEPT
    assert await idempotency.begin(organisation_id, "key", "hash") == Replayed(large)


async def test_two_organisations_may_use_one_key(
    idempotency: Idempotency, organisation_id: UUID
) -> None:
    await answered(idempotency, organisation_id, ANSWER)
    assert await answered(idempotency, uuid4(), STREAM) is Ending.KEPT
    assert await idempotency.begin(organisation_id, "key", "hash") == Replayed(ANSWER)


class Provider:
    """Counts who is asked; some calls fail, some callers go away."""

    def __init__(self, seed: int) -> None:
        self.rng = seeded(seed)
        self.at_work = 0
        self.most_at_work = 0
        self.answered = 0

    async def answer(self) -> Answer:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await asyncio.sleep(self.rng.random() / 100)
            if self.rng.random() < 0.6:
                raise ConnectionResetError
            self.answered += 1
            return Answer(200, (), (str(self.answered).encode(),))
        finally:
            self.at_work -= 1


@pytest.mark.parametrize("seed", range(4))
async def test_with_many_clients_of_one_key_one_answer_is_bought_and_all_get_it(
    idempotency: Idempotency, organisation_id: UUID, seed: int
) -> None:
    provider = Provider(seed)

    async def client() -> Answer:
        while True:
            beginning = await idempotency.begin(organisation_id, "key", "hash", wait_seconds=30)
            if isinstance(beginning, Replayed):
                return beginning.answer
            try:
                async with owned(beginning) as ownership:
                    answer = await provider.answer()
                    await ownership.finish(answer)
            except ConnectionResetError:
                continue
            return answer

    clients = [asyncio.create_task(client()) for _ in range(40)]
    for impatient in clients[::4]:
        await asyncio.sleep(provider.rng.random() / 100)
        impatient.cancel()
    ends = await asyncio.gather(*clients, return_exceptions=True)

    answers = [end for end in ends if not isinstance(end, asyncio.CancelledError)]
    assert len(answers) >= 30
    assert all(answer == answers[0] for answer in answers)
    assert provider.most_at_work == 1
    assert provider.answered == 1


OWNING = """
import asyncio, sys
from uuid import UUID
from redis.asyncio import Redis
from quantumlayer.router.answers import Idempotency, RedisIdempotency

async def main(url, organisation_id):
    store = RedisIdempotency(Redis.from_url(url), lease_seconds=2)
    async with await Idempotency(store).begin(UUID(organisation_id), "key", "hash"):
        print("owned", flush=True)
        await asyncio.sleep(3600)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_the_key_of_a_killed_process_passes_to_who_waits_and_not_before_its_lease_is_over(
    redis: Redis, redis_url: str, organisation_id: UUID
) -> None:
    owner = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        OWNING,
        redis_url,
        str(organisation_id),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert owner.stdout is not None
    assert await owner.stdout.readline() == b"owned\n"
    idempotency = Idempotency(
        RedisIdempotency(redis, lease_seconds=LEASE_SECONDS, limit_seconds=PATIENT_SECONDS)
    )
    alive = await idempotency.begin(organisation_id, "key", "hash", wait_seconds=2 * LEASE_SECONDS)
    assert isinstance(alive, InProgress)

    owner.send_signal(signal.SIGKILL)
    await owner.communicate()
    heir = owned(await idempotency.begin(organisation_id, "key", "hash", wait_seconds=60))
    async with heir:
        assert await heir.finish(ANSWER) is Ending.KEPT


@pytest.mark.slow
async def test_without_redis_nothing_begins_and_what_was_under_way_is_kept_when_it_is_back(
    organisation_id: UUID,
) -> None:
    async with redis_server() as server, server.client() as redis:
        idempotency = Idempotency(
            RedisIdempotency(redis, limit_seconds=PATIENT_SECONDS),
            late=LateFinishes(patience_seconds=120, pause_seconds=0.1),
        )
        async with owned(await idempotency.begin(organisation_id, "key", "hash")) as ownership:
            await server.stop()
            with pytest.raises(IdempotencyUnavailable, match="nothing was done"):
                await idempotency.begin(organisation_id, "other key", "hash")
            assert await ownership.finish(ANSWER) is Ending.LATER
        await server.start()
        await idempotency.close()

        assert await idempotency.begin(organisation_id, "key", "hash") == Replayed(ANSWER)


@pytest.mark.slow
async def test_a_redis_that_is_restarted_meanwhile_costs_no_owner_its_key(
    organisation_id: UUID,
) -> None:
    async with redis_server() as server, server.client() as redis:
        idempotency = Idempotency(
            RedisIdempotency(redis, lease_seconds=120, limit_seconds=PATIENT_SECONDS)
        )
        async with owned(await idempotency.begin(organisation_id, "key", "hash")) as ownership:
            await server.stop()
            await server.start()
            beginning = await idempotency.begin(organisation_id, "key", "hash", wait_seconds=0.5)
            assert isinstance(beginning, InProgress)
            assert await ownership.finish(ANSWER) is Ending.KEPT
        assert await idempotency.begin(organisation_id, "key", "hash") == Replayed(ANSWER)


async def test_an_answer_whose_store_never_comes_back_is_given_up_in_the_end(
    organisation_id: UUID,
) -> None:
    async with Redis(host="127.0.0.1", port=1) as redis:
        store = RedisIdempotency(redis, limit_seconds=0.05)
        late = LateFinishes(patience_seconds=0.3, pause_seconds=0.05)
        idempotency = Idempotency(store, late=late)
        with pytest.raises(IdempotencyUnavailable):
            await idempotency.begin(organisation_id, "key", "hash")
        ownership = Ownership(
            store, a_claim(organisation_id), most_bytes=1000, late=late, leases=Leases()
        )
        async with ownership:
            assert await ownership.finish(ANSWER) is Ending.LATER
        await idempotency.close()


def a_claim(organisation_id: UUID) -> Claim:
    digest = request_hash(organisation_id, {"messages": "why"})
    return Claim.of(organisation_id, "key", digest)
