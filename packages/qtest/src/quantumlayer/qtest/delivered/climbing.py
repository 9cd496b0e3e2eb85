"""The rungs that a delivered service climbs, in their order; the first broken one ends it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from quantumlayer.qtest.delivered.browser_tests import NONE, failing
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.found import Fallen, Found
from quantumlayer.qtest.delivered.lives import started_once, started_twice
from quantumlayer.qtest.delivered.model import Climb, Delivery, Finding, Rung
from quantumlayer.qtest.delivered.probing import not_probed, not_started
from quantumlayer.qtest.delivered.starter import Built, Running, Starter
from quantumlayer.qtest.delivered.type_checks import ill_typed


async def climb(
    delivery: Delivery, starter: Starter, watch: Callable[[Rung], None] | None = None
) -> Climb:
    """Check types, build, start, probe, write, stop, start again, read, a second instance beside.

    One result for each rung; what was not climbed is `skipped`. Nothing of the project is trusted.
    `watch` is told of each rung that is begun.
    """
    climbed = Found(delivery, watch or (lambda _rung: None))
    # What is ill-typed may start all the same, and tells more then: neither waits for the other.
    typing = asyncio.create_task(judge_types(climbed, delivery, starter.cache))
    starting = asyncio.create_task(start(climbed, delivery, starter))
    try:
        notes = await starting
        await typing
    finally:
        for each in (typing, starting):
            each.cancel()
        await asyncio.gather(typing, starting, return_exceptions=True)
    order = list(Rung)
    results = [*climbed.results, *climbed.skipped()]
    ordered = sorted(results, key=lambda result: order.index(result.rung))
    return Climb(tier=starter.tier, rungs=tuple(ordered), notes=notes)


async def start(climbed: Found, delivery: Delivery, starter: Starter) -> tuple[str, ...]:
    """Climb all rungs of what is built and started; what there is to note of it."""
    notes = delivery.notes
    with suppress(Fallen):
        async with built(climbed, delivery, starter) as image:
            notes = image.notes
            if delivery.serves:
                await started_twice(climbed, delivery, image, starter.cache)
            else:
                await started_once(climbed, delivery, image)
        await tested(climbed, delivery, starter)
    return notes


async def judge_types(climbed: Found, delivery: Delivery, cache: Path) -> None:
    """Climb the rung of types."""
    with suppress(Fallen):
        await climbed.rung(Rung.TYPES, (), partial(typed, delivery, cache))


async def typed(delivery: Delivery, cache: Path) -> Finding:
    """As `ill_typed`. Raises NothingToAsk where no stack says how types are checked."""
    if delivery.types is None:
        raise NothingToAsk("No stack that fits says how types are checked.")
    return await ill_typed(delivery.folder, delivery.types, cache)


@asynccontextmanager
async def built(climbed: Found, delivery: Delivery, starter: Starter) -> AsyncIterator[Built]:
    building = starter.build(delivery)
    found: list[Built] = []

    async def ask() -> str:
        found.append(await building.__aenter__())
        return ""

    await climbed.rung(Rung.BUILD, (), ask)
    try:
        yield found[0]
    finally:
        await building.__aexit__(None, None, None)


async def tested(climbed: Found, delivery: Delivery, starter: Starter) -> None:
    """The project's own browser tests, of a deployment that nobody else has used."""
    if delivery.browser_tests is None or not delivery.serves:
        climbed.left_out(Rung.BROWSER_TESTS, NONE if delivery.serves else "It serves nobody.")
        return
    running: list[Running] = []
    async with AsyncExitStack() as stack:

        async def ask() -> str | Finding:
            image = await stack.enter_async_context(starter.build(delivery))
            running.append(await stack.enter_async_context(image.start()))
            reason = await not_started(running[0], image.port, delivery.start_seconds)
            if reason := reason or await not_probed(running[0], delivery):
                return reason
            return await failing(running[0], delivery, image.port, starter.cache)

        await climbed.rung(Rung.BROWSER_TESTS, running, ask)
