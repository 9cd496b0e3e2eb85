"""Having what holds read by somebody who wrote none of it, and mended where they are right."""

import asyncio
from collections.abc import Awaitable, Callable

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError, is_cancelled_exception

from quantumlayer.qtest import Verdict
from quantumlayer.worker.generate_capsule.children import child
from quantumlayer.worker.generate_capsule.exceptions import explain
from quantumlayer.worker.generate_capsule.work import Work
from quantumlayer.worker.nouns import Reading, Reviewed, ReviewTask
from quantumlayer.worker.reviewer.workflow import Reviewer

_SOUND = (Verdict.PASSED, Verdict.INCOMPLETE)

Integrate = Callable[[str, str], Awaitable[None]]
"""Has the tree mended for the remarks at an address, by a loop of that name."""


async def review(work: Work, integrate: Integrate, ends: float) -> None:
    """Readings until one finds nothing wrong, as many as the run may have; none without a cause.

    Until the moment `ends`, in seconds of the epoch. A reading that cannot be had ends no run.
    """
    for number in range(1, work.scope.limits.reviews + 1):
        if not work.scope.repairs or work.judged.validated.verdict not in _SOUND:
            return
        reviewed = await _read(work, number, ends)
        if reviewed is None:
            return
        before, heard = work.tree, reviewed.wrong > 0 and _rounds_left(work)
        if heard:
            await integrate(reviewed.review, "review" if number == 1 else f"review-{number}")
        heeded = heard and work.tree.addresses() != before.addresses()
        work.readings.append(Reading(review=reviewed.review, heeded=heeded))
        if not heeded:
            return


def _rounds_left(work: Work) -> bool:
    return work.repairs < work.scope.limits.repair_rounds


async def _read(work: Work, number: int, ends: float) -> Reviewed | None:
    """What a reader says; None where the time, the model or the budget does not allow one."""
    work.tell("The reviewer, who wrote none of it, reads the whole.")
    task = ReviewTask(
        scope=work.scope,
        requirements=work.requirements,
        blueprint=work.blueprint,
        tree=work.tree,
        number=number,
    )
    reading = child(Reviewer.run, task, f"reviewer/reading-{number}", Reviewed)
    left = ends - workflow.now().timestamp()
    try:
        return await asyncio.wait_for(reading, max(left, 0))
    except TimeoutError:
        why = "no time was left for it"
    except ChildWorkflowError as error:
        if is_cancelled_exception(error):
            raise
        why = explain(error)[1]
    work.tell(f"It could not be read: {why}.")
    work.readings.append(Reading(unknown=why))
    return None
