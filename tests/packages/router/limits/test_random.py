"""Random crowds of callers under one limit, with refusals, long replies and dead callers.

Both kinds of limiters are led through the same crowd on the same clock: what they let through is
held against the rules, and against each other.
"""

import heapq
import random
from dataclasses import dataclass, field
from typing import Literal
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from quantumlayer.router.limits import (
    Granted,
    Quota,
    RateLimit,
    RateLimiter,
    RateSignals,
    Turn,
)
from quantumlayer.router.limits.costs import cost
from tests.packages.router.limits.conftest import Time, memory_limiter, redis_limiter

SECOND = 1_000_000
# Longer than any reply, so that only the dead lose their places.
LEASE_SECONDS = 5.0
Step = Literal["asks", "ends"]


@dataclass
class Crowd:
    """What happens when; and when which call began, ended, or was refused."""

    limit: RateLimit
    choose: random.Random
    exact: bool
    """Whether calls take the tokens that they were thought to take."""
    agenda: list[tuple[int, int, Step, int, Turn | None]] = field(default_factory=list)
    planned: int = 0
    tokens: list[int] = field(default_factory=list)
    began: list[tuple[int, int]] = field(default_factory=list)
    ended: list[tuple[int, int]] = field(default_factory=list)
    pauses: list[tuple[int, int]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    given_up: set[int] = field(default_factory=set)

    def plan(self, at: int, step: Step, call: int, turn: Turn | None) -> None:
        self.planned += 1
        heapq.heappush(self.agenda, (at, self.planned, step, call, turn))

    async def live(self, limiter: RateLimiter, time: Time) -> None:
        for call in range(40):
            self.tokens.append(self.choose.randint(0, 4000))
            self.plan(time.now + self.choose.randint(0, 20 * SECOND), "asks", call, None)
        while self.agenda:
            at, _, step, call, turn = heapq.heappop(self.agenda)
            await time.set(max(at, time.now))
            if step == "asks":
                await self._ask(limiter, time.now, call, turn)
            elif turn is not None:
                await self._end(limiter, time.now, call, turn)

    async def _ask(self, limiter: RateLimiter, now: int, call: int, turn: Turn | None) -> None:
        answer = await limiter.acquire(self.limit, self.tokens[call], turn)
        if isinstance(answer, Granted):
            self.began.append((now, call))
            after = self.choose.randint(SECOND // 10, 4 * SECOND)
            self.plan(now + after, "ends", call, answer.turn)
        elif call % 20 == 7:
            self.given_up.add(call)
            await limiter.settle(self.limit, answer.turn, 0)
        else:
            late = self.choose.choice([-SECOND // 3, 0, 0, 0, SECOND // 10])
            back = now + max(1, round(answer.seconds * SECOND) + late)
            self.plan(back, "asks", call, answer.turn)

    async def _end(self, limiter: RateLimiter, now: int, call: int, turn: Turn) -> None:
        fate = self.choose.random()
        if fate < 0.05:
            seconds = self.choose.randint(1, 20)
            signals = RateSignals(retry_after_seconds=seconds)
            await limiter.observe(self.limit, signals, refused=turn)
            self.pauses.append((now, now + seconds * SECOND))
            self.refused.add(call)
        elif fate < 0.2:
            remains = Quota(None, self.choose.randint(0, 60), None)
            await limiter.observe(self.limit, RateSignals(requests=remains))
        if fate < 0.97:  # the others died
            used = self.tokens[call]
            await limiter.settle(
                self.limit, turn, used if self.exact else self.choose.randint(0, used)
            )
        self.ended.append((now, call))


def holds_the_rate(began: list[tuple[int, int]], each: list[int], burst: int) -> bool:
    """Whether no stretch of time, however chosen, took more than its burst and what it refills."""
    return all(
        sum(each[first : last + 1]) <= burst + began[last][0] - began[first][0]
        for first in range(len(began))
        for last in range(first, len(began))
    )


def most_at_once(crowd: Crowd) -> int:
    ended = {call: at for at, call in crowd.ended}
    return max(
        sum(start <= at < ended[call] for start, call in crowd.began) for at, _ in crowd.began
    )


LIMITS = [
    {"requests_per_minute": 60, "burst_seconds": 5},
    {"tokens_per_minute": 90_000, "burst_seconds": 10},
    {"requests_per_minute": 120, "tokens_per_minute": 120_000, "concurrent": 6},
    {"concurrent": 3},
    {},
]


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("given", LIMITS)
async def test_a_crowd_keeps_to_its_limit_wherever_it_is_kept(
    redis: "Redis", given: dict[str, int], exact: bool
) -> None:
    limit = RateLimit(f"crowd {uuid4()}", **given)
    seed = LIMITS.index(given)
    crowds = [
        Crowd(limit, random.Random(seed), exact)  # noqa: S311 - the same crowd every time
        for _ in range(2)
    ]
    time = Time()
    await crowds[0].live(memory_limiter(time, LEASE_SECONDS), time)
    shared, server_time = await redis_limiter(redis, LEASE_SECONDS)
    await crowds[1].live(shared, server_time)

    crowd = crowds[0]
    assert crowd.began == crowds[1].began
    assert crowd.ended == crowds[1].ended
    assert len(crowd.began) == len(crowd.tokens) - len(crowd.given_up) > 30
    assert all(not start < at < end for at, _ in crowd.began for start, end in crowd.pauses)
    # A call that was refused took nothing.
    began = [(at, call) for at, call in crowd.began if call not in crowd.refused]
    costs = [cost(limit, crowd.tokens[call]) for _, call in began]
    if limit.requests_per_minute:
        burst = costs[0].request_burst
        assert holds_the_rate(began, [each.request for each in costs], burst)
    if limit.tokens_per_minute and exact:
        burst = costs[0].tokens_burst
        assert holds_the_rate(began, [each.tokens for each in costs], burst)
    if limit.concurrent:
        assert most_at_once(crowd) <= limit.concurrent
