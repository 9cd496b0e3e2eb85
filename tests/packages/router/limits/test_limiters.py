"""What both kinds of limiters must do, on a clock that stands until a test moves it."""

from collections.abc import Sequence

import pytest

from quantumlayer.router.limits import (
    Granted,
    Quota,
    RateLimit,
    RateLimiter,
    RateSignals,
    Turn,
    Wait,
)
from tests.packages.router.limits.conftest import LEASE_SECONDS, Time


async def waits(
    limiter: RateLimiter, limit: RateLimit, tokens: Sequence[int]
) -> list[float | None]:
    """For how long each of several calls has to wait that ask one after the other."""
    answers = [await limiter.acquire(limit, count) for count in tokens]
    return [answer.seconds if isinstance(answer, Wait) else None for answer in answers]


async def granted(limiter: RateLimiter, limit: RateLimit, tokens: int = 0) -> Turn:
    answer = await limiter.acquire(limit, tokens)
    assert isinstance(answer, Granted)
    return answer.turn


async def waiting(limiter: RateLimiter, limit: RateLimit, tokens: int = 0) -> Wait:
    answer = await limiter.acquire(limit, tokens)
    assert isinstance(answer, Wait)
    return answer


def refusal(seconds: float | None) -> RateSignals:
    return RateSignals(retry_after_seconds=seconds)


async def test_without_a_limit_nobody_waits(limiter: RateLimiter, name: str) -> None:
    assert await waits(limiter, RateLimit(name), [10**9] * 100) == [None] * 100


async def test_a_minutes_requests_go_at_once_and_more_in_order_one_step_apart(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name, requests_per_minute=30)
    assert await waits(limiter, limit, [0] * 34) == [None] * 30 + [2, 4, 6, 8]


async def test_a_short_burst_spreads_requests_out(limiter: RateLimiter, name: str) -> None:
    limit = RateLimit(name, requests_per_minute=600, burst_seconds=1)
    assert await waits(limiter, limit, [0] * 12) == [None] * 10 + [0.1, 0.2]


async def test_one_request_a_minute_needs_no_longer_burst(limiter: RateLimiter, name: str) -> None:
    limit = RateLimit(name, requests_per_minute=1, burst_seconds=1)
    assert await waits(limiter, limit, [0, 0]) == [None, 60]


async def test_tokens_cost_as_much_as_they_are(limiter: RateLimiter, name: str) -> None:
    limit = RateLimit(name, requests_per_minute=1000, tokens_per_minute=60_000)
    assert await waits(limiter, limit, [40_000, 20_000, 5000, 1000]) == [None, None, 5, 6]


async def test_a_call_of_more_tokens_than_a_minute_has_waits_for_all_of_them(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, tokens_per_minute=60_000)
    await granted(limiter, limit, 1000)
    assert await waits(limiter, limit, [10**9]) == [1]
    await time.passes(1000)
    assert await waits(limiter, limit, [10**9]) == [None]


async def test_turns_come_in_order_and_when_it_was_said(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, requests_per_minute=60, burst_seconds=1)
    await granted(limiter, limit)
    first, second = await waiting(limiter, limit), await waiting(limiter, limit)

    await time.passes(0.4)
    assert await limiter.acquire(limit, 0, first.turn) == Wait(0.6, first.turn)
    await time.passes(0.6)
    assert await limiter.acquire(limit, 0, second.turn) == Wait(1.0, second.turn)
    assert isinstance(await limiter.acquire(limit, 0, first.turn), Granted)
    assert await limiter.acquire(limit, 0, second.turn) == Wait(1.0, second.turn)


async def test_a_small_call_does_not_starve_a_large_one_that_came_before(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, tokens_per_minute=60_000)
    await granted(limiter, limit, 60_000)
    large = await waiting(limiter, limit, 30_000)
    small = await waiting(limiter, limit, 1000)
    assert (large.seconds, small.seconds) == (30, 31)

    await time.passes(30)
    assert isinstance(await limiter.acquire(limit, 1000, small.turn), Wait)
    assert isinstance(await limiter.acquire(limit, 30_000, large.turn), Granted)


async def test_those_who_wait_begin_earlier_when_others_take_less_than_they_thought(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, tokens_per_minute=60_000)
    guessed = await granted(limiter, limit, 60_000)
    queue = [await waiting(limiter, limit, 20_000) for _ in range(3)]
    await time.passes(5)
    await limiter.settle(limit, guessed, 1000)

    again = [await limiter.acquire(limit, 20_000, each.turn) for each in queue]
    assert [type(answer) for answer in again] == [Granted, Granted, Granted]
    # Nothing was given twice: the bucket is empty now.
    assert await waits(limiter, limit, [1000]) == [1]


async def test_tokens_that_were_estimated_too_high_are_given_back_once(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name, tokens_per_minute=60_000)
    turn = await granted(limiter, limit, 60_000)
    for _ in range(3):
        await limiter.settle(limit, turn, 20_000)

    assert await waits(limiter, limit, [40_000, 1000]) == [None, 1]


async def test_tokens_that_were_estimated_too_low_are_taken_afterwards(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name, tokens_per_minute=60_000)
    await limiter.settle(limit, await granted(limiter, limit, 0), 60_000)

    assert await waits(limiter, limit, [1000]) == [1]


async def test_a_place_that_is_given_up_is_there_for_the_next(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name, requests_per_minute=60, tokens_per_minute=60_000, burst_seconds=1)
    await granted(limiter, limit, 1000)
    gone = await waiting(limiter, limit, 1000)
    await limiter.settle(limit, gone.turn, 0)

    assert await waits(limiter, limit, [1000]) == [1]


async def test_a_retry_after_pauses_everybody_and_afterwards_calls_begin_one_by_one(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name)
    refused = await granted(limiter, limit)
    await limiter.observe(limit, refusal(20), refused=refused)

    seconds = [(await waiting(limiter, limit)).seconds for _ in range(100)]
    assert seconds[:4] == [20, 20.25, 20.475, 20.6775]
    assert seconds == sorted(seconds)
    assert len(set(seconds[:50])) == 50
    # A limit without a rate is slow for a while only.
    assert 22.4 < seconds[-1] < 22.6


async def test_who_comes_only_after_the_pause_is_staggered_too(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name)
    await limiter.observe(limit, refusal(20), refused=await granted(limiter, limit))
    await time.passes(25)

    assert await waits(limiter, limit, [0] * 3) == [None, 0.25, 0.475]


async def test_after_a_pause_a_limit_with_a_rate_keeps_to_it(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name, requests_per_minute=60, tokens_per_minute=60_000)
    refused = await granted(limiter, limit, 3000)
    await limiter.observe(limit, refusal(10), refused=refused)

    # There is room for what was refused; the rest comes as the bucket fills.
    assert await waits(limiter, limit, [3000, 1000, 2000, 0]) == [10, 11, 13, 13]


async def test_who_waited_already_keeps_its_place_through_a_pause(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, requests_per_minute=60, burst_seconds=1)
    refused = await granted(limiter, limit)
    queue = [await waiting(limiter, limit) for _ in range(3)]
    await limiter.observe(limit, refusal(30), refused=refused)

    await time.passes(1)
    newcomer = await waiting(limiter, limit)
    again = [await limiter.acquire(limit, 0, each.turn) for each in [*queue, newcomer]]
    assert [answer.seconds for answer in again if isinstance(answer, Wait)] == [29, 30, 31, 32]


async def test_a_call_that_was_under_way_gives_nothing_back_after_a_pause(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name, tokens_per_minute=60_000)
    turn = await granted(limiter, limit, 60_000)
    await limiter.observe(limit, refusal(10), refused=turn)
    await limiter.settle(limit, turn, 0)

    assert await waits(limiter, limit, [60_000, 1000]) == [10, 11]


async def test_many_refusals_of_one_storm_make_one_pause_and_the_longest_holds(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name)
    turn = await granted(limiter, limit)
    for seconds in (5, 30, 5, 10):
        await limiter.observe(limit, refusal(seconds), refused=turn)

    assert await waits(limiter, limit, [0]) == [30]


async def test_refusals_that_do_not_say_for_how_long_pause_twice_as_long_each_time(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit, paused = RateLimit(name), []
    for _ in range(8):
        for _ in range(3):  # calls in flight that are refused together
            await limiter.observe(limit, refusal(None), refused=Turn("x", 0, 0, 0, shared=True))
        answer = await waiting(limiter, limit)
        paused.append(answer.seconds)
        await limiter.settle(limit, answer.turn, 0)
        await time.passes(answer.seconds)
    assert paused == [1, 2, 4, 8, 16, 32, 60, 60]

    await limiter.observe(limit, RateSignals())
    await limiter.observe(limit, refusal(None), refused=answer.turn)
    assert (await waiting(limiter, limit)).seconds == 1


async def test_a_provider_that_asks_for_a_day_is_asked_again_after_ten_minutes(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name)
    await limiter.observe(limit, refusal(86_400), refused=await granted(limiter, limit))

    assert (await waiting(limiter, limit)).seconds == 600


@pytest.mark.parametrize("back", [1, 600, 7200])
async def test_who_waits_waits_as_long_when_the_clock_is_set_back(
    limiter: RateLimiter, time: Time, name: str, back: float
) -> None:
    limit = RateLimit(name, requests_per_minute=60, tokens_per_minute=60_000, burst_seconds=1)
    await time.set(10_000_000_000)
    await limiter.observe(limit, refusal(600), refused=await granted(limiter, limit, 1000))
    await time.passes(599)
    await limiter.observe(limit, RateSignals())

    await time.passes(-back)

    [seconds] = await waits(limiter, limit, [1000])
    assert seconds is not None
    assert 0 < seconds <= 1
    await time.passes(20)
    assert await waits(limiter, limit, [1000]) == [None]


async def test_what_the_provider_says_remains_is_believed(limiter: RateLimiter, name: str) -> None:
    limit = RateLimit(name, requests_per_minute=60, tokens_per_minute=60_000)
    remains = RateSignals(requests=Quota(60, 2, 58.0), tokens=Quota(60_000, 50_000, 10.0))
    await limiter.observe(limit, remains)
    assert await waits(limiter, limit, [1000] * 4) == [None, None, 1, 2]

    await limiter.observe(limit, RateSignals(tokens=Quota(60_000, 0, 60.0)))
    assert await waits(limiter, limit, [1000]) == [3]


async def test_more_than_we_know_of_is_not_believed_to_remain(
    limiter: RateLimiter, name: str
) -> None:
    limit = RateLimit(name, requests_per_minute=2)
    assert await waits(limiter, limit, [0, 0]) == [None, None]
    await limiter.observe(limit, RateSignals(requests=Quota(14_400, 14_370, 179.56)))

    assert await waits(limiter, limit, [0]) == [30]


async def test_at_most_so_many_calls_run_at_once_and_others_come_in_order(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, concurrent=2)
    running = [await granted(limiter, limit) for _ in range(2)]
    queue = [(await waiting(limiter, limit)).turn for _ in range(3)]

    await limiter.settle(limit, running[0], 0)
    assert isinstance(await limiter.acquire(limit, 0), Wait)
    assert isinstance(await limiter.acquire(limit, 0, queue[1]), Wait)
    assert isinstance(await limiter.acquire(limit, 0, queue[0]), Granted)
    assert isinstance(await limiter.acquire(limit, 0, queue[1]), Wait)
    await limiter.settle(limit, running[1], 0)
    assert isinstance(await limiter.acquire(limit, 0, queue[1]), Granted)


async def test_who_stands_further_back_asks_less_often(limiter: RateLimiter, name: str) -> None:
    limit = RateLimit(name, concurrent=1)
    await granted(limiter, limit)

    seconds = await waits(limiter, limit, [0] * 60)
    assert seconds[:3] == [0.05, 0.1, 0.15]
    assert seconds[-1] == 2


async def test_who_does_not_come_back_loses_its_place_in_the_queue(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, concurrent=1)
    running = await granted(limiter, limit)
    await waiting(limiter, limit)
    await limiter.settle(limit, running, 0)
    assert isinstance(await limiter.acquire(limit, 0), Wait)

    await time.passes(3)
    assert isinstance(await limiter.acquire(limit, 0), Granted)


async def test_a_dead_callers_place_is_free_after_its_lease_unless_it_is_renewed(
    limiter: RateLimiter, time: Time, name: str
) -> None:
    limit = RateLimit(name, concurrent=2)
    kept = await granted(limiter, limit)
    await granted(limiter, limit)

    for _ in range(3):
        await time.passes(LEASE_SECONDS / 3 - 1)
        await limiter.renew(limit, kept)
    assert isinstance(await limiter.acquire(limit, 0), Wait)
    await time.passes(5)
    await granted(limiter, limit)
    assert isinstance(await limiter.acquire(limit, 0), Wait)


async def test_a_turn_that_has_ended_is_not_renewed(limiter: RateLimiter, name: str) -> None:
    limit = RateLimit(name, concurrent=1)
    turn = await granted(limiter, limit)
    await limiter.settle(limit, turn, 0)
    await limiter.renew(limit, turn)

    await granted(limiter, limit)


async def test_limits_of_two_names_do_not_know_each_other(limiter: RateLimiter, name: str) -> None:
    one, other = (RateLimit(f"{name} {key}", requests_per_minute=1) for key in ("a}", "{a"))
    await granted(limiter, one)
    await limiter.observe(one, refusal(60), refused=await granted(limiter, other))

    assert await waits(limiter, other, [0]) == [60]


@pytest.mark.parametrize(
    "given",
    [
        {"requests_per_minute": 0},
        {"tokens_per_minute": -1},
        {"concurrent": 0},
        {"burst_seconds": 0},
    ],
)
def test_a_limit_lets_something_through(given: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="openai"):
        RateLimit("openai", **given)


async def test_a_call_has_no_negative_tokens(limiter: RateLimiter, name: str) -> None:
    with pytest.raises(ValueError, match="-1 tokens"):
        await limiter.acquire(RateLimit(name), -1)
