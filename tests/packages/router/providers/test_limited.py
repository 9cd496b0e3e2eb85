"""Workers together ask a provider no more than its limits allow, and rest together."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from quantumlayer.router import Message, Provider, ProviderRequest, ProviderTraits, RateLimited
from quantumlayer.router.deltas import Delta, Finished, TextDelta, TokenUsage, UsageDelta
from quantumlayer.router.limits import MemoryLimiter, RateLimit
from quantumlayer.router.providers.limited import LimitedProvider

LIMIT = RateLimit("model:one", requests_per_minute=600, tokens_per_minute=60_000, concurrent=2)
REQUEST = ProviderRequest(
    task="greet",
    model="one/m",
    messages=(Message(role="user", content="Hello"),),
    input={},
    json_schema=None,
    max_output_tokens=50,
    timeout_seconds=10,
)


class Counting:
    """Notices how many ask it at once; refuses while `refusals` last."""

    name = "one"
    traits = ProviderTraits()

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.asked = self.now = self.most = 0

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        assert request is REQUEST
        self.asked += 1
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(0.02)
            if self.refusals:
                self.refusals -= 1
                raise RateLimited("too much", retry_after=0.3)
            yield TextDelta("Hello")
            yield UsageDelta(TokenUsage(10, 5))
            yield Finished("stop")
        finally:
            self.now -= 1


async def ask(provider: Provider) -> list[Delta]:
    return [piece async for piece in provider.stream(REQUEST)]


async def test_no_more_ask_at_once_than_may_and_all_are_answered() -> None:
    counting, limiter = Counting(), MemoryLimiter()
    workers = [LimitedProvider(counting, limiter, LIMIT) for _ in range(3)]
    replies = await asyncio.gather(*(ask(worker) for worker in workers for _ in range(4)))
    assert {len(reply) for reply in replies} == {3}
    assert (counting.asked, counting.most) == (12, 2)


async def test_a_refusal_of_one_is_a_pause_for_all() -> None:
    counting, limiter = Counting(refusals=1), MemoryLimiter()
    one, other = (LimitedProvider(counting, limiter, LIMIT) for _ in range(2))
    with pytest.raises(RateLimited):
        await ask(one)
    begun = asyncio.get_running_loop().time()
    await ask(other)
    assert asyncio.get_running_loop().time() - begun >= 0.25


async def test_who_goes_away_gives_its_place_back() -> None:
    limiter = MemoryLimiter()
    alone = RateLimit("model:two", concurrent=1)
    slow = LimitedProvider(Counting(), limiter, alone)
    first = asyncio.create_task(ask(slow))
    await asyncio.sleep(0.005)
    waiting = asyncio.create_task(ask(slow))
    await asyncio.sleep(0.005)
    for task in (first, waiting):
        task.cancel()
    await asyncio.gather(first, waiting, return_exceptions=True)
    async with asyncio.timeout(5):
        assert len(await ask(slow)) == 3
