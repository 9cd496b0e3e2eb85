"""Whether a part serves, and waiting until it does."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from quantumlayer.cli.platform.child import Child
from quantumlayer.cli.platform.logs import last_words
from quantumlayer.cli.platform.parts import Part, UnhealthyError
from quantumlayer.cli.platform.restarts import Trouble

START_SECONDS = 90.0
CHECK_TIMEOUT_SECONDS = 5.0


async def checked(part: Part) -> str:
    """The version that answers; raises `UnhealthyError` when the part does not serve in time."""
    try:
        return await asyncio.wait_for(part.check(), CHECK_TIMEOUT_SECONDS)
    except TimeoutError:
        raise UnhealthyError(f"no answer within {CHECK_TIMEOUT_SECONDS:.0f} s") from None


async def until_serving(part: Part, child: Child, log: Path) -> str | Trouble:
    """The version that answers in the end, or why none does; `log` is where the child writes."""
    ended = asyncio.ensure_future(child.wait())
    deadline = time.monotonic() + START_SECONDS
    pause, problem = 0.02, "it does not answer"
    try:
        while time.monotonic() < deadline:
            try:
                return await checked(part)
            except UnhealthyError as error:
                problem = str(error)
            await asyncio.wait([ended], timeout=pause)
            if ended.done():
                end = ended.result()
                return Trouble(f"{end.said}{last_words(log)}", from_outside=end.from_outside)
            pause = min(pause * 1.3, 0.25)
    finally:
        ended.cancel()
    return Trouble(f"not healthy after {START_SECONDS:.0f} s: {problem}{last_words(log)}")
