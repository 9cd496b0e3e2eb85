"""Having the repairer change a tree: stronger tests, or a repair of a run in flight."""

from quantumlayer.worker.generate_capsule.children import child
from quantumlayer.worker.generate_capsule.work import Work, known
from quantumlayer.worker.nouns import Repaired, RepairTask
from quantumlayer.worker.repairer.workflow import Repairer


async def repaired(
    work: Work,
    round_number: int,
    name: str,
    *,
    mutation: str | None = None,
    again: bool = False,
) -> Repaired:
    """What the child `name` makes of the tree; given a `mutation` report, stronger tests."""
    judged = work.judged
    mended = await child(
        Repairer.run,
        RepairTask(
            scope=work.scope,
            requirements=work.requirements,
            tree=work.tree,
            validation=judged.validated.validation,
            report=judged.tested.report,
            mutation=mutation,
            blueprint=known(work.designed).blueprint,
            skeleton=work.interfaces,
            round_number=round_number,
            again=again,
        ),
        name,
        Repaired,
    )
    work.repairs = round_number
    return mended
