"""The rungs that a delivered service climbs, in their order; the first broken one ends it."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.browser_tests import NONE, failing
from quantumlayer.qtest.delivered.errors import (
    BeyondLimits,
    BuildBroken,
    CannotTell,
    NothingToAsk,
)
from quantumlayer.qtest.delivered.lasting import lost, not_remembered, not_shared, not_stopped
from quantumlayer.qtest.delivered.model import (
    Climb,
    Delivery,
    Exchange,
    Finding,
    Outcome,
    Rung,
    RungResult,
)
from quantumlayer.qtest.delivered.pages import unserved, usable
from quantumlayer.qtest.delivered.probing import not_probed, not_run, not_started, probed
from quantumlayer.qtest.delivered.reasons import doubt
from quantumlayer.qtest.delivered.routes import routed
from quantumlayer.qtest.delivered.starter import Built, Running, Starter
from quantumlayer.qtest.delivered.type_checks import ill_typed
from quantumlayer.qtest.errors import QtestError

LONGEST_EVIDENCE = 8000
LONGEST_RUN_SECONDS = 10.0


class Fallen(Exception):  # noqa: N818 - the end of a climb
    """A rung did not hold: the ones above it mean nothing."""


@dataclass
class Found:
    """What was found out so far. `watch` is told of each rung that is begun."""

    delivery: Delivery
    watch: Callable[[Rung], None]
    results: list[RungResult] = field(default_factory=list)

    def note(self, rung: Rung, outcome: Outcome, begun: float, finding: Finding) -> None:
        """Add the result of a rung that was begun at a moment of the monotonic clock."""
        self.results.append(RungResult(
            rung=rung, outcome=outcome, seconds=round(time.monotonic() - begun, 3),
            reason=finding.reason, evidence=finding.evidence[-LONGEST_EVIDENCE:],
            pictures=finding.pictures, tests=finding.tests,
        ))  # fmt: skip

    async def rung(
        self, rung: Rung, running: Sequence[Running], ask: Callable[[], Awaitable[str | Finding]]
    ) -> None:
        """Climb one: `ask` says why it does not hold, `running` what it was asked of.

        Raises Fallen where it does not hold.
        """
        begun = time.monotonic()
        self.watch(rung)
        try:
            found = await ask()
            log = await running[-1].log() if running and found not in ("", Finding()) else ""
            if isinstance(found, str):
                found = Finding(reason=found, evidence=log)
            outcome = Outcome.BROKEN if found.reason else Outcome.HELD
            unsure = doubt(log, self.delivery.made_up, self.delivery.companions)
            if found.reason and unsure:
                found = found.model_copy(update={"reason": f"{unsure} {found.reason}"})
                outcome = Outcome.UNKNOWN
        except NothingToAsk as error:
            found, outcome = Finding(reason=str(error)), Outcome.SKIPPED
        except BuildBroken as error:
            found, outcome = Finding(reason=str(error), evidence=error.output), Outcome.BROKEN
        except BeyondLimits as error:
            found, outcome = Finding(reason=str(error)), Outcome.BROKEN
        except (CannotTell, QtestError, NotUnderstood) as error:
            found = Finding(reason=str(error), evidence=getattr(error, "output", ""))
            outcome = Outcome.UNKNOWN
        self.note(rung, outcome, begun, found)
        if outcome in (Outcome.BROKEN, Outcome.UNKNOWN):
            raise Fallen

    def left_out(self, rung: Rung, reason: str) -> None:
        """Add a rung that asks nothing of this delivery."""
        self.note(rung, Outcome.SKIPPED, time.monotonic(), Finding(reason=reason))

    def skipped(self) -> list[RungResult]:
        """The rungs that nothing is known of."""
        known = {one.rung for one in self.results}
        return [RungResult(rung=rung, outcome=Outcome.SKIPPED) for rung in Rung
                if rung not in known]  # fmt: skip


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
        await tested(climbed, delivery, starter)
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


async def started_twice(climbed: Found, delivery: Delivery, image: Built, cache: Path) -> None:
    """One life of the deployment: a start, its end, another start that finds what was written."""
    kept: list[tuple[Exchange, str]] = []
    async with standing(climbed, Rung.START, delivery, image) as running:
        await climbed.rung(Rung.PROBES, [running], partial(probed, running, delivery))
        await climbed.rung(Rung.ROUTES, [running], partial(routed, running, delivery))
        remember = partial(not_remembered, running, delivery, kept)
        await climbed.rung(Rung.REMEMBER, [running], remember)
        stop = partial(not_stopped, running, image.stop_signal, delivery.grace_seconds)
        await climbed.rung(Rung.STOP, [running], stop)
    async with standing(climbed, Rung.START_AGAIN, delivery, image) as again:
        await climbed.rung(Rung.DATA_LASTS, [again], partial(lost, again, kept))
        if delivery.instances == 1:
            climbed.left_out(Rung.SECOND_INSTANCE, "One instance runs at a time.")
        else:
            beside = partial(not_shared, again, kept)
            async with standing(climbed, Rung.SECOND_INSTANCE, delivery, image, beside):
                pass
        await climbed.rung(Rung.PAGES, [again], partial(usable, again, delivery, cache))


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
