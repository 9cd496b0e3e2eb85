"""Starting a process so that being cancelled half-way is safe.

`asyncio` may wait for ever for a process whose start is cancelled between its fork and the
connection of its pipes. So the start is brought to its end, and then undone.
"""

import asyncio
import contextlib
from asyncio.subprocess import Process
from collections.abc import Awaitable


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
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
