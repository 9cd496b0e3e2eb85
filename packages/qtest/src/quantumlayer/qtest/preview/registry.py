"""The previews that one process holds, for whoever starts and stops them from outside of it."""

import asyncio
import secrets
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass

from quantumlayer.qtest.errors import QtestError
from quantumlayer.qtest.preview.previewing import End, Preview

MOST_AT_ONCE = 4
STOPPED = End("It was stopped.")


class TooMany(Exception):  # noqa: N818 - it says what is there
    """As many previews are open as may be at once."""


@dataclass
class Shown:
    """A preview by its id. `end` is None as long as it lasts."""

    id: str
    preview: Preview
    task: asyncio.Task[None]
    end: End | None = None


class Previews:
    """At most `most` previews at once; those that have ended are forgotten when others start."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self.most = most
        self.shown: dict[str, Shown] = {}
        self.starting = 0

    async def start(self, opening: AbstractAsyncContextManager[Preview]) -> Shown:
        """Open a preview, and hold it until its end or `stop`. Raises TooMany, and as `opening`."""
        self.shown = {one.id: one for one in self.shown.values() if one.end is None}
        if len(self.shown) + self.starting >= self.most:
            raise TooMany(f"{self.most} previews are open: stop one of them first.")
        self.starting += 1
        ready: asyncio.Future[Preview] = asyncio.get_running_loop().create_future()
        number = secrets.token_hex(8)
        task = asyncio.ensure_future(self.held(number, opening, ready))
        try:
            preview = await asyncio.shield(ready)
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        finally:
            self.starting -= 1
        shown = Shown(number, preview, task)
        self.shown[number] = shown
        return shown

    async def held(
        self,
        number: str,
        opening: AbstractAsyncContextManager[Preview],
        ready: asyncio.Future[Preview],
    ) -> None:
        """One preview, from its start to its end, in the task that entered it."""
        end = STOPPED
        try:
            async with opening as preview:
                ready.set_result(preview)
                with suppress(asyncio.CancelledError):
                    end = await ended(preview)
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
                return
            raise
        finally:
            if shown := self.shown.get(number):
                shown.end = end

    async def stop(self, number: str) -> bool:
        """End a preview, and wait until nothing is left of it; whether there was one."""
        shown = self.shown.get(number)
        if shown is None or shown.end is not None:
            return False
        shown.task.cancel()
        await asyncio.gather(shown.task, return_exceptions=True)
        return True

    async def aclose(self) -> None:
        """End all of them."""
        for number in list(self.shown):
            await self.stop(number)


async def ended(preview: Preview) -> End:
    """Its end, also where its sandbox is gone."""
    try:
        return await preview.ended()
    except QtestError as error:
        return End(str(error), by_itself=True)
