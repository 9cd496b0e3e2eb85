"""Making a tree better: made to hold, read by another, its tests sharpened."""

from functools import partial

from temporalio import workflow
from temporalio.exceptions import (
    ApplicationError,
    ChildWorkflowError,
    is_cancelled_exception,
)

from quantumlayer.qtest import Verdict
from quantumlayer.worker.generate_capsule.checking import check
from quantumlayer.worker.generate_capsule.children import child
from quantumlayer.worker.generate_capsule.exceptions import explain
from quantumlayer.worker.generate_capsule.repairing import repaired
from quantumlayer.worker.generate_capsule.reviewing import review
from quantumlayer.worker.generate_capsule.rounds import repair_in_rounds
from quantumlayer.worker.generate_capsule.verifying import SETTLED
from quantumlayer.worker.generate_capsule.work import Judged, Work
from quantumlayer.worker.integrator.nouns import Integrated, IntegratorTask
from quantumlayer.worker.integrator.workflow import Integrator
from quantumlayer.worker.nouns import Verified

_INTEGRATES = "integrates in a loop of tools"
# What the integrator leaves of a run's time, for the last look and the capsule.
_RESERVE_SECONDS, _RESERVED_SHARE = 300.0, 0.2
_STAY = "The tests stay as they were: those that were written to be stronger"
_NOTICE_NO_MORE = f"{_STAY} notice no more of the changes to the code than those before."
_DO_NOT_PASS = f"{_STAY} do not pass."


async def mend(work: Work) -> None:
    """Checks the tree, has it made to hold, and looks at what holds once more."""
    holds = await check(work, 0) and not has_to_change(work)
    if holds or await _made_to_hold(work):
        await _look_again(work)


async def _look_again(work: Work) -> None:
    """Has what holds read by another, and its tests sharpened.

    Of a version that was changed nothing else is to change, so it is left as it is.
    """
    if work.scope.base is None:
        await review(work, partial(_integrate, work), _ends(work))
        await _strengthen(work, work.repairs + 1)


def has_to_change(work: Work) -> bool:
    """Whether somebody has to change what holds: of what is asked for not all is shown by tests."""
    unknown = work.judged.validated.verdict is Verdict.INFRASTRUCTURE_ERROR
    return work.scope.base is not None and not unknown


async def _made_to_hold(work: Work) -> bool:
    """Whether the tree is settled after all that the run may spend on it."""
    if work.scope.limits.repair_rounds == 0:
        return False
    # Runs that were in flight when the integrator was new go on as they began.
    if not workflow.patched(_INTEGRATES):
        return await repair_in_rounds(work)
    await _integrate(work)
    return work.judged.validated.verdict in SETTLED


async def _integrate(work: Work, remarks: str | None = None, name: str = "") -> None:
    """The best tree that came of a loop; raises what ended it and is to end the run.

    Of a tree that held, and only has `remarks`, nothing ends the run.
    """
    work.tell("The integrator makes it hold, with tools.")
    judged = work.judged
    integrated = await child(
        Integrator.run,
        IntegratorTask(
            scope=work.scope,
            requirements=work.requirements,
            blueprint=work.blueprint,
            before=Verified(tested=judged.tested, validated=judged.validated),
            ends=_ends(work),
            notes=() if remarks else tuple(work.notes),
            review=remarks,
            name=name,
            round_number=work.repairs if remarks else 0,
        ),
        "/".join(filter(None, ("integrator", name))),
        Integrated,
    )
    work.take(integrated.best)
    work.repairs = integrated.verifications
    if integrated.trouble and remarks is None:
        raise ApplicationError(integrated.trouble, type=integrated.trouble_kind)


def _ends(work: Work) -> float:
    """When the loop has to end, so that what it has made is still packaged in the run's time."""
    wall = work.scope.limits.wall_seconds
    reserve = min(_RESERVE_SECONDS, wall * _RESERVED_SHARE)
    return workflow.info().start_time.timestamp() + wall - reserve


async def _strengthen(work: Work, round_number: int) -> None:
    """Once, and within the repair rounds: show the tester what its tests do not notice.

    What passed before is kept where the new tests do not pass, notice no more, or cannot be had.
    """
    before = work.judged
    if not before.tested.weak or round_number > work.scope.limits.repair_rounds:
        return
    work.tell("The tester looks again: some changes of the code would go unnoticed.")
    name = f"tester/round-{round_number}/tests"
    try:
        mended = await repaired(work, round_number, name, mutation=before.tested.mutation)
    except ChildWorkflowError as error:
        if is_cancelled_exception(error):
            raise
        work.tell(f"The tests stay as they are: {explain(error)[1]}.")
        return
    if mended.changed == 0:
        return
    work.tree = mended.tree
    holds = await check(work, round_number)
    if holds and _is_better(before, work.judged):
        return
    work.tests_stay = _NOTICE_NO_MORE if holds else _DO_NOT_PASS
    work.tell(work.tests_stay)
    work.go_back(before)
    # Once more, so that all that is shown of the run is about the tree that it ends with.
    await check(work, round_number + 1)


def _is_better(before: Judged, after: Judged) -> bool:
    """Whether the tests notice or prove more now, and nothing less.

    Of runs that were in flight when nobody counted that is not known, and they go on as they began.
    """
    counted = before.tested.noticed
    if counted is None:
        return True
    was = (counted, before.validated.proved)
    now = (after.tested.noticed or 0, after.validated.proved)
    return now != was and all(new >= old for new, old in zip(now, was, strict=True))
