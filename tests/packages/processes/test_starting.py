"""A process whose start is cancelled is gone, and nobody waits for it for ever."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable

import pytest

from quantumlayer.processes import end_process, started


@pytest.mark.parametrize("turns", range(8))
async def test_a_start_can_be_cancelled_at_any_turn_of_the_loop(turns: int) -> None:
    begun: list[int] = []

    async def start() -> None:
        sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
        process = await started(
            asyncio.create_subprocess_exec(*sleeper, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
        )
        begun.append(process.pid)
        process.kill()
        await process.wait()

    task = asyncio.create_task(start())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    async with asyncio.timeout(30):
        await asyncio.wait([task])
    assert task.cancelled() or begun


async def test_what_cannot_be_started_says_so() -> None:
    with pytest.raises(FileNotFoundError):
        await started(asyncio.create_subprocess_exec("/no/such/program"))


async def test_what_still_runs_is_ended_and_what_has_ended_keeps_its_status() -> None:
    def begun(program: str) -> Awaitable[Process]:
        return started(asyncio.create_subprocess_exec(sys.executable, "-c", program, stdin=DEVNULL))

    running = await begun("import time; time.sleep(600)")
    done = await begun("raise SystemExit(3)")
    await done.wait()
    await end_process(running)
    await end_process(done)
    assert (running.returncode, done.returncode) == (-signal.SIGKILL, 3)
