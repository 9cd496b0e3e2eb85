"""The rungs that a delivered service climbs, in their order; the first broken one ends it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.found import Fallen, Found
from quantumlayer.qtest.delivered.lives import started_once, started_twice
from quantumlayer.qtest.delivered.model import Climb, Delivery, Finding, Rung
from quantumlayer.qtest.delivered.starter import Built, Starter
from quantumlayer.qtest.delivered.type_checks import ill_typed


async def climb(
    delivery: Delivery, starter: Starter, watch: Callable[[Rung], None] | None = None
) -> Climb:
    """Check types, build, start, probe, write, stop, start again, read, a second instance beside.

    One result for each rung; what was not climbed is `skipped`. Nothing of the project is trusted.
    `watch` is told of each rung that is begun.
    """
    climbed = Found(delivery, watch or (lambda _rung: None))
    notes: tuple[str, ...] = ()
    # What is ill-typed may start all the same, and tells more then.
    with suppress(Fallen):
        await climbed.rung(Rung.TYPES, (), partial(typed, delivery, starter.cache))
    try:
        async with built(climbed, delivery, starter) as image:
            notes = image.notes
            if delivery.serves:
                await started_twice(climbed, delivery, image, starter.cache)
            else:
                await started_once(climbed, delivery, image)
    except Fallen:
        pass
    order = list(Rung)
    results = [*climbed.results, *climbed.skipped()]
    ordered = sorted(results, key=lambda result: order.index(result.rung))
    return Climb(tier=starter.tier, rungs=tuple(ordered), notes=notes)


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
