"""Starting a process so that being cancelled half-way is safe.

`asyncio` may wait for ever for a process whose start is cancelled between its fork and the
connection of its pipes. So the start is brought to its end, and then undone.
"""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Awaitable

from quantumlayer.processes.tree import descendants


async def started(start: Awaitable[Process]) -> Process:
    """The process that `create_subprocess_exec` makes; gone again when this is cancelled."""
    starting = asyncio.ensure_future(start)
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        undoing = asyncio.ensure_future(undone(starting))
        while not undoing.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([undoing])
        raise


async def undone(starting: Awaitable[Process]) -> None:
    """End a process as soon as it has begun."""
    try:
        process = await starting
    except (OSError, asyncio.CancelledError):
        return
    end_tree(process.pid)
    await process.wait()


async def end_process(process: Process) -> None:
    """Kill a process of ours if it still runs; it is gone when this returns."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def end_tree(root: int) -> None:
    """Kill a process of ours with everything below it, however young.

    bubblewrap's first child outlives a launcher that is killed before the child has asked to die
    with it. A launcher that is stopped first makes no more children while they are found.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(root, signal.SIGSTOP)
    for pid in (*reversed(list(descendants(root))[1:]), root):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
