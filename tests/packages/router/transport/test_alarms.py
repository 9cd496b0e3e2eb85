"""A time limit that moves ends the wait that it falls into, and no other."""

import asyncio
from contextlib import closing

import pytest

from quantumlayer.router.transport.alarms import Alarm, Rang

SOON, LATER, EVER = 0.2, 0.5, 600.0


def now() -> float:
    return asyncio.get_running_loop().time()


async def after(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


async def test_what_comes_in_time_is_given() -> None:
    with closing(Alarm(now() + EVER)) as alarm:
        assert await alarm.over(after(0)) == "done"


async def test_what_does_not_come_in_time_is_cancelled() -> None:
    waiting = asyncio.get_running_loop().create_future()
    with closing(Alarm(now() + SOON)) as alarm, pytest.raises(Rang):
        await alarm.over(waiting)
    assert waiting.cancelled()


async def test_it_rings_at_the_time_that_it_was_moved_to_earlier_or_later() -> None:
    with closing(Alarm(now() + SOON)) as alarm:
        alarm.move(now() + EVER)
        assert await alarm.over(after(LATER)) == "done"
        alarm.move(now() + SOON)
        with pytest.raises(Rang):
            await alarm.over(after(EVER))


async def test_what_was_late_between_two_waits_ends_the_next_one() -> None:
    with closing(Alarm(now() + SOON)) as alarm:
        await asyncio.sleep(LATER)
        with pytest.raises(Rang):
            await alarm.over(after(EVER))


async def test_a_cancellation_by_somebody_else_stays_one() -> None:
    with closing(Alarm(now() + EVER)) as alarm:
        task = asyncio.create_task(alarm.over(after(EVER)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_time_limit_of_the_caller_around_it_is_the_callers() -> None:
    with closing(Alarm(now() + EVER)) as alarm, pytest.raises(TimeoutError):
        async with asyncio.timeout(SOON):
            await alarm.over(after(EVER))


async def test_who_was_rung_out_can_go_on() -> None:
    with closing(Alarm(now() + SOON)) as alarm, pytest.raises(Rang):
        await alarm.over(after(EVER))
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)
