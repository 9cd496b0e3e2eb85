"""What a climb has found out so far, rung by rung; the first broken one ends it."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.errors import (
    BeyondLimits,
    BuildBroken,
    CannotTell,
    NothingToAsk,
)
from quantumlayer.qtest.delivered.model import Delivery, Finding, Outcome, Rung, RungResult
from quantumlayer.qtest.delivered.reasons import doubt, ended_meanwhile
from quantumlayer.qtest.delivered.starter import Running
from quantumlayer.qtest.errors import QtestError

LONGEST_EVIDENCE = 8000
# What is asked of an application that has to be there all the time.
ANSWERING = (Rung.ROUTES, Rung.REMEMBER, Rung.DATA_LASTS, Rung.PAGES)


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
            if found.reason and rung in ANSWERING:
                found = await with_end(found, running[-1], log)
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

    def forget(self, *rungs: Rung) -> None:
        """Take back what was said of rungs, to which there is more to say."""
        self.results = [one for one in self.results if one.rung not in rungs]

    def skipped(self) -> list[RungResult]:
        """The rungs that nothing is known of."""
        known = {one.rung for one in self.results}
        return [RungResult(rung=rung, outcome=Outcome.SKIPPED) for rung in Rung
                if rung not in known]  # fmt: skip


async def with_end(found: Finding, running: Running, log: str) -> Finding:
    """What was found, behind the word that the application has ended, where it has."""
    state = await running.state()
    reason = "" if state.running else ended_meanwhile(state, log)
    if not reason or reason in found.reason:
        return found
    return found.model_copy(update={"reason": f"{reason} {found.reason}"})
