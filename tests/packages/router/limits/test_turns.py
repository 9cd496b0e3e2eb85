"""Waiting for a turn, and giving it up."""

import asyncio

import pytest

from quantumlayer.router.limits import Granted, RateLimit, RateLimiter, take_turn
from tests.packages.router.limits.conftest import Time


async def test_a_crowd_gets_its_turns_one_after_the_other(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, requests_per_minute=60, burst_seconds=1)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await time.passes(seconds)

    started = time.now
    for _ in range(6):
        await take_turn(limiter, limit, 0, sleep=sleep)

    assert (time.now - started) / 1e6 == 5
    assert max(slept) <= 2


async def test_who_waits_for_long_looks_again_every_two_seconds(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, tokens_per_minute=60_000)
    guessed = await take_turn(limiter, limit, 60_000)

    async def sleep(seconds: float) -> None:
        await time.passes(seconds)
        await limiter.settle(limit, guessed, 0)

    started = time.now
    await take_turn(limiter, limit, 50_000, sleep=sleep)
    assert (time.now - started) / 1e6 == 2


async def test_who_is_cancelled_while_waiting_leaves_the_queue(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name, concurrent=1)
    running = await take_turn(limiter, limit, 0)
    asked = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        asked.set()
        await asyncio.Event().wait()

    waiter = asyncio.create_task(take_turn(limiter, limit, 0, sleep=sleep))
    await asked.wait()
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    await limiter.settle(limit, running, 0)

    assert isinstance(await limiter.acquire(limit, 0), Granted)
