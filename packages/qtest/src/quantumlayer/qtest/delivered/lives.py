"""The lives of one deployment: a start, its end, and starts that find what was left behind."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from quantumlayer.manifests import FilesOnDisk
from quantumlayer.qtest.delivered.drafts import Kept, Known, kept_of, kept_shown
from quantumlayer.qtest.delivered.found import Fallen, Found
from quantumlayer.qtest.delivered.lasting import lost, not_remembered, not_shared, not_stopped
from quantumlayer.qtest.delivered.model import Delivery, Finding, Outcome, Rung
from quantumlayer.qtest.delivered.pages import unserved, usable
from quantumlayer.qtest.delivered.probing import (
    not_probed,
    not_run,
    not_started,
    not_steady,
    probed,
)
from quantumlayer.qtest.delivered.routes import routed
from quantumlayer.qtest.delivered.starter import Built, Running
from quantumlayer.qtest.delivered.written_down import drafts_in, read_in
from quantumlayer.qtest.errors import QtestError

LONGEST_RUN_SECONDS = 10.0


async def started_twice(climbed: Found, delivery: Delivery, image: Built, cache: Path) -> None:
    """One life of the deployment: a start, its end, another start that finds what was written.

    What only its pages or its project's own texts know how to write is written in the second life,
    when nothing can come of it for the pages any more, and has to be there in a third.
    """
    kept: list[Kept] = []
    known, heard = Known(), Known()
    async with standing(climbed, Rung.START, delivery, image) as running:
        begun = time.monotonic()
        await probes(climbed, running, delivery, begun)
        await climbed.rung(Rung.ROUTES, [running], partial(routed, running, delivery, known))
        remember = partial(not_remembered, running, delivery, known, kept)
        await climbed.rung(Rung.REMEMBER, [running], remember)
        await steady(climbed, running, begun)
        stop = partial(not_stopped, running, image.stop_signal, delivery.grace_seconds)
        await climbed.rung(Rung.STOP, [running], stop)
    async with standing(climbed, Rung.START_AGAIN, delivery, image) as again:
        await climbed.rung(Rung.DATA_LASTS, [again], partial(lost, again, kept))
        await beside(climbed, delivery, image, again, kept)
        use = partial(usable, again, delivery, cache, heard, image.holds)
        await climbed.rung(Rung.PAGES, [again], use)
        late = await written_late(climbed, again, delivery, heard, kept)
        if late:
            await not_stopped(again, image.stop_signal, delivery.grace_seconds)
    if late:
        more = partial(lost, kept=late)
        async with standing(climbed, Rung.DATA_LASTS, delivery, image, more) as third:
            await beside(climbed, delivery, image, third, late)


async def probes(climbed: Found, running: Running, delivery: Delivery, begun: float) -> None:
    """Ask what the platform asks; of what ended before it answered anything, its start is wrong.

    Servers with workers listen before a worker is up, and end when none comes up.
    """
    try:
        await climbed.rung(Rung.PROBES, [running], partial(probed, running, delivery))
    except Fallen:
        with suppress(QtestError):
            if not (await running.state()).running:
                climbed.forget(Rung.PROBES)
                await steady(climbed, running, begun)
        raise


async def steady(climbed: Found, running: Running, begun: float) -> None:
    """See that what has begun to listen, at a moment of the monotonic clock, goes on."""
    reason = await not_steady(running, begun)
    if reason:

        async def ask() -> str:
            return reason

        climbed.forget(Rung.START)
        await climbed.rung(Rung.START, [running], ask)


async def beside(
    climbed: Found, delivery: Delivery, image: Built, first: Running, kept: Sequence[Kept]
) -> None:
    """A second instance beside one, where the platform runs several."""
    climbed.forget(Rung.SECOND_INSTANCE)
    if delivery.instances == 1:
        climbed.left_out(Rung.SECOND_INSTANCE, "One instance runs at a time.")
        return
    more = partial(not_shared, first, kept)
    async with standing(climbed, Rung.SECOND_INSTANCE, delivery, image, more):
        pass


async def written_late(
    climbed: Found, running: Running, delivery: Delivery, heard: Known, kept: Sequence[Kept]
) -> list[Kept]:
    """What its pages write beside what is known, or else what its project's texts say it takes."""
    begun = time.monotonic()
    there = {exchange.path for exchange, _ in kept}
    drafts = [one for one in heard.drafts if one.sent.path not in there]
    late = [*await kept_of(running, drafts, heard.reads), *await kept_shown(running, heard.shown)]
    if not (late or kept):
        files = FilesOnDisk(delivery.folder)
        told = await asyncio.to_thread(lambda: (list(drafts_in(files)), read_in(files)))
        late = await kept_of(running, *told)
    if late:
        climbed.forget(Rung.REMEMBER, Rung.DATA_LASTS)
        climbed.note(Rung.REMEMBER, Outcome.HELD, begun, Finding())
    return late


async def started_once(climbed: Found, delivery: Delivery, image: Built) -> None:
    """A program that serves nobody, and ends by itself."""
    starting = image.start()
    running: list[Running] = []

    async def ask() -> str:
        running.append(await starting.__aenter__())
        seconds = min(delivery.start_seconds, LONGEST_RUN_SECONDS)
        return await not_run(running[0], seconds, told=bool(delivery.command))

    try:
        await climbed.rung(Rung.START, running, ask)
    finally:
        if running:
            await starting.__aexit__(None, None, None)
    if delivery.pages:
        await climbed.rung(Rung.PAGES, (), unserved)


@asynccontextmanager
async def standing(
    climbed: Found,
    rung: Rung,
    delivery: Delivery,
    image: Built,
    more: Callable[[Running], Awaitable[str]] | None = None,
) -> AsyncIterator[Running]:
    """An instance that has been started, and answers where it should; `more` is asked of it."""
    starting = image.start()
    found: list[Running] = []

    async def ask() -> str:
        found.append(await starting.__aenter__())
        reason = await not_started(found[0], image.port, delivery.start_seconds)
        if reason or rung is Rung.START:
            return reason
        reason = await not_probed(found[0], delivery)
        return reason or (await more(found[0]) if more else "")

    try:
        await climbed.rung(rung, found, ask)
        yield found[0]
    finally:
        if found:
            await starting.__aexit__(None, None, None)
