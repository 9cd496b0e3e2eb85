"""What every store of idempotency keys must do, and what only the one in Redis can."""

import asyncio
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from quantumlayer.router.answers import (
    Claim,
    IdempotencyStore,
    MemoryIdempotency,
    RedisIdempotency,
    StoreGone,
)
from quantumlayer.router.answers.claims import Busy, ClaimOutcome, Different, Finished, Owned
from tests.support.clocks import Clock

LEASE_SECONDS = 1.2


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> IdempotencyStore:
    """Each of the two stores: what is true of one must be true of the other."""
    if request.param == "memory":
        return MemoryIdempotency(lease_seconds=LEASE_SECONDS)
    redis: Redis = request.getfixturevalue("redis")
    return RedisIdempotency(redis, lease_seconds=LEASE_SECONDS, limit_seconds=30)


def a_claim(organisation_id: UUID, key: str = "key", request: str = "question") -> Claim:
    return Claim.of(organisation_id, key, request)


async def lease_is_over() -> None:
    await asyncio.sleep(LEASE_SECONDS + 0.1)


async def test_the_first_owns_the_key_until_its_answer_is_there(
    store: IdempotencyStore, organisation_id: UUID
) -> None:
    first, second = a_claim(organisation_id), a_claim(organisation_id)

    assert await store.claim(first) == Owned()
    assert isinstance(await store.claim(second), Busy)
    assert await store.finish(first, b"answer")
    assert await store.claim(second) == Finished(b"answer")
    await lease_is_over()
    assert await store.claim(a_claim(organisation_id)) == Finished(b"answer")


async def test_a_claim_whose_confirmation_was_lost_may_be_sent_again(
    store: IdempotencyStore, organisation_id: UUID
) -> None:
    claim = a_claim(organisation_id)
    assert await store.claim(claim) == Owned()
    assert await store.claim(claim) == Owned()
    assert await store.finish(claim, b"answer")
    assert await store.finish(claim, b"answer")


async def test_another_request_under_the_key_is_different_while_it_is_answered_and_afterwards(
    store: IdempotencyStore, organisation_id: UUID
) -> None:
    first, other = a_claim(organisation_id), a_claim(organisation_id, request="another")
    await store.claim(first)
    assert await store.claim(other) == Different()
    await store.finish(first, b"answer")
    assert await store.claim(other) == Different()


async def test_organisations_and_keys_do_not_meet(
    store: IdempotencyStore, organisation_id: UUID
) -> None:
    assert await store.claim(a_claim(organisation_id)) == Owned()
    assert await store.claim(a_claim(uuid4())) == Owned()
    assert await store.claim(a_claim(organisation_id, key="another")) == Owned()


async def test_a_released_key_is_free_at_once_and_an_answered_one_is_not_released(
    store: IdempotencyStore, organisation_id: UUID
) -> None:
    first, second = a_claim(organisation_id), a_claim(organisation_id)
    await store.claim(first)
    await store.release(second)
    assert isinstance(await store.claim(second), Busy)
    await store.release(first)
    assert await store.claim(second) == Owned()
    await store.finish(second, b"answer")
    await store.release(second)
    assert await store.claim(first) == Finished(b"answer")


async def test_the_dead_free_their_key_with_their_lease_and_come_too_late(
    store: IdempotencyStore, organisation_id: UUID
) -> None:
    dead, heir = a_claim(organisation_id), a_claim(organisation_id)
    await store.claim(dead)
    await lease_is_over()

    assert await store.claim(heir) == Owned()
    assert not await store.renew(dead)
    assert not await store.finish(dead, b"late")
    await store.release(dead)
    assert await store.finish(heir, b"answer")
    assert await store.claim(a_claim(organisation_id)) == Finished(b"answer")


async def test_whoever_renews_is_alive(store: IdempotencyStore, organisation_id: UUID) -> None:
    claim = a_claim(organisation_id)
    await store.claim(claim)
    for _ in range(6):
        await asyncio.sleep(LEASE_SECONDS / 4)
        assert await store.renew(claim)
    assert isinstance(await store.claim(a_claim(organisation_id)), Busy)


async def test_an_answer_that_comes_when_nobody_took_over_is_kept(
    store: IdempotencyStore, organisation_id: UUID
) -> None:
    late = a_claim(organisation_id)
    await store.claim(late)
    await lease_is_over()
    assert await store.finish(late, b"answer")
    assert await store.claim(a_claim(organisation_id)) == Finished(b"answer")


async def test_an_answer_is_forgotten_after_its_time(redis: Redis, organisation_id: UUID) -> None:
    for store in (MemoryIdempotency(keep_seconds=0.2), RedisIdempotency(redis, keep_seconds=0.2)):
        claim = a_claim(organisation_id)
        await store.claim(claim)
        await store.finish(claim, b"answer")
        await asyncio.sleep(0.3)
        assert await store.claim(a_claim(organisation_id)) == Owned()


async def test_an_answer_is_kept_for_a_day(
    redis: Redis, organisation_id: UUID, clock: Clock
) -> None:
    in_redis, in_memory = RedisIdempotency(redis), MemoryIdempotency(clock=clock)
    claim = a_claim(organisation_id)
    for store in (in_redis, in_memory):
        await store.claim(claim)
        await store.finish(claim, b"answer")

    assert 86_300 < await redis.ttl(claim.name) <= 86_400
    clock.passes(86_399)
    assert await in_memory.claim(a_claim(organisation_id)) == Finished(b"answer")
    clock.passes(2)
    assert await in_memory.claim(a_claim(organisation_id)) == Owned()


async def test_of_many_at_once_one_owns(store: IdempotencyStore, organisation_id: UUID) -> None:
    outcomes = await asyncio.gather(*(store.claim(a_claim(organisation_id)) for _ in range(50)))
    assert outcomes.count(Owned()) == 1
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == 49


async def test_a_record_that_was_lost_with_its_server_is_made_again_by_its_owner(
    redis: Redis, organisation_id: UUID
) -> None:
    store = RedisIdempotency(redis)
    claim = a_claim(organisation_id)
    await store.claim(claim)
    await redis.delete(claim.name)

    assert await store.renew(claim)
    assert isinstance(await store.claim(a_claim(organisation_id)), Busy)
    assert await store.claim(a_claim(organisation_id, request="another")) == Different()


async def test_scripts_that_the_server_forgot_are_sent_again(
    redis: Redis, organisation_id: UUID
) -> None:
    store = RedisIdempotency(redis)
    await store.claim(a_claim(organisation_id))
    await redis.script_flush()
    assert isinstance(await store.claim(a_claim(organisation_id)), Busy)


async def test_a_foreign_value_under_the_name_is_no_promise(
    redis: Redis, organisation_id: UUID
) -> None:
    claim = a_claim(organisation_id)
    await redis.set(claim.name, "something else")
    with pytest.raises(StoreGone, match="WRONGTYPE"):
        await RedisIdempotency(redis).claim(claim)


async def test_a_process_takes_no_more_keys_when_its_room_is_full_until_answers_are_old(
    organisation_id: UUID, clock: Clock
) -> None:
    store = MemoryIdempotency(keep_seconds=100, most_bytes=1000, clock=clock)
    for number in range(2):
        claim = a_claim(organisation_id, key=str(number))
        await store.claim(claim)
        await store.finish(claim, bytes(600))

    with pytest.raises(StoreGone, match="as many answers as it may"):
        await store.claim(a_claim(organisation_id, key="2"))
    assert await store.claim(a_claim(organisation_id, key="0")) == Finished(bytes(600))
    clock.passes(100)
    assert await store.claim(a_claim(organisation_id, key="2")) == Owned()


steps = st.lists(
    st.tuples(
        st.sampled_from(["claim", "renew", "finish", "release"]),
        st.integers(0, 1),
        st.integers(0, 2),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(story=steps)
async def test_both_stores_tell_any_story_alike(
    redis: Redis, story: list[tuple[str, int, int]]
) -> None:
    organisation_id = uuid4()
    stores: list[IdempotencyStore] = [MemoryIdempotency(), RedisIdempotency(redis)]
    claims = {
        (key, who): a_claim(organisation_id, str(key), "question" if who < 2 else "another")
        for key in range(2)
        for who in range(3)
    }
    for what, key, who in story:
        told = [await step(store, what, claims[key, who]) for store in stores]
        assert told[0] == told[1]


async def step(store: IdempotencyStore, what: str, claim: Claim) -> ClaimOutcome | bool | None:
    match what:
        case "claim":
            outcome = await store.claim(claim)
            # How much of a lease is left is each store's own time.
            return Busy(0) if isinstance(outcome, Busy) else outcome
        case "renew":
            return await store.renew(claim)
        case "finish":
            return await store.finish(claim, claim.token.encode())
        case _:
            await store.release(claim)
            return None
