"""Changing what exists: tests of what is new before anybody changes code, and then the least."""

import asyncio

from temporalio import workflow

from quantumlayer.worker.analyst.workflow import Analyst
from quantumlayer.worker.generate_capsule.children import all_of, child
from quantumlayer.worker.generate_capsule.drafting import draft_all
from quantumlayer.worker.generate_capsule.mending import mend
from quantumlayer.worker.generate_capsule.work import Work, known
from quantumlayer.worker.nouns import Designed, Understood
from quantumlayer.worker.policies import COMPUTE
from quantumlayer.worker.reviser.activities import ReviserActivities
from quantumlayer.worker.reviser.nouns import BaselineTested, RevisionTask
from quantumlayer.worker.reviser.workflow import Baseline


async def revise(work: Work) -> None:
    """The version that was there, changed as a sentence asks."""
    work.tell("The analyst reads what is to change; the tester tries what exists.")
    tested = await _understood(work)
    work.scope = work.scope.model_copy(
        update={"before": tested.before, "change": known(work.understood).change}
    )
    planned = await workflow.execute_activity_method(
        ReviserActivities.plan_revision,
        RevisionTask(scope=work.scope, requirements=work.requirements),
        summary="what of it is touched",
        **COMPUTE,
    )
    work.tree = planned.tree
    work.designed = Designed(
        blueprint=planned.blueprint, items=planned.items, present=planned.present
    )
    await draft_all(work)
    await mend(work)


async def _understood(work: Work) -> BaselineTested:
    """What held before; meanwhile the change is understood."""
    testing = asyncio.create_task(child(Baseline.run, work.scope, "baseline", BaselineTested))
    reading = asyncio.create_task(child(Analyst.run, work.scope, "analyst", Understood))
    await all_of((testing, reading))
    work.understood = reading.result()
    return testing.result()
