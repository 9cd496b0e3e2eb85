"""Repairs round by round, of runs that were in flight when the integrator was new.

They go on as they began; no new run comes here.
"""

from quantumlayer.agents import goes_in_circles
from quantumlayer.qtest import Verdict
from quantumlayer.worker.generate_capsule.checking import check
from quantumlayer.worker.generate_capsule.repairing import repaired
from quantumlayer.worker.generate_capsule.work import Work


async def repair_in_rounds(work: Work) -> bool:
    """Has a checked tree repaired until it is settled, or no round is left; whether it is."""
    rounds = work.scope.limits.repair_rounds
    for round_number in range(1, rounds + 1):
        _keep_if_sound(work)
        if not await _repair(work, round_number):
            break
        if await check(work, round_number):
            return True
    _keep_if_sound(work)
    await _go_back_to_sound(work, work.repairs + 1)
    return False


def _keep_if_sound(work: Work) -> None:
    """What is only incomplete must not be lost to a repair that breaks it."""
    if work.judged.validated.verdict is Verdict.INCOMPLETE:
        work.sound = work.judged


async def _go_back_to_sound(work: Work, round_number: int) -> None:
    verdict = work.judged.validated.verdict
    if work.sound is None or verdict is Verdict.INCOMPLETE:
        return
    work.tell("The repair broke what was sound: what was there before is kept.")
    work.go_back(work.sound)
    # Once more, so that all that is shown of the run is about the tree that it ends with.
    await check(work, round_number)


async def _repair(work: Work, round_number: int) -> bool:
    """Whether a round of repair changed anything; none is made that would go in circles."""
    judged = work.judged
    signature = f"{judged.tested.signature}/{judged.validated.signature}"
    work.signatures.append(signature)
    if goes_in_circles(work.signatures):
        work.tell("The same failure again: repairing stops.")
        return False
    work.tell(f"The repairer mends what failed, round {round_number}.")
    mended = await repaired(
        work,
        round_number,
        f"repairer/round-{round_number}",
        again=signature in work.signatures[:-1],
    )
    work.tree = mended.tree
    return mended.changed > 0
