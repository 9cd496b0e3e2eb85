"""What the platform finds out of a tree: the tester runs it, the validator weighs that."""

from quantumlayer.qlayer import SourceTree
from quantumlayer.qtest import Verdict
from quantumlayer.worker.generate_capsule.children import child
from quantumlayer.worker.nouns import (
    PlannedItem,
    Scope,
    Tested,
    TestsToWrite,
    Validated,
    ValidatorTask,
    Verified,
)
from quantumlayer.worker.tester.workflow import Tester
from quantumlayer.worker.validator.workflow import Validator

# What the platform lacks is no fault of the code: mending would spend for nothing.
SETTLED = (Verdict.PASSED, Verdict.INFRASTRUCTURE_ERROR)


async def verify(
    scope: Scope,
    requirements: str,
    blueprint: str,
    tree: SourceTree,
    round_number: int,
    waves: tuple[tuple[PlannedItem, ...], ...] = (),
) -> Verified:
    """The tree as the tester leaves it, with what was found out; `waves` are tests to be written.

    Its children are called by the number of the round, 0 for the first.
    """
    suffix = "" if round_number == 0 else f"/round-{round_number}"
    tested = await child(
        Tester.run,
        TestsToWrite(
            scope=scope,
            requirements=requirements,
            blueprint=blueprint,
            waves=waves,
            tree=tree,
            round_number=round_number,
        ),
        f"tester{suffix}",
        Tested,
    )
    validated = await child(
        Validator.run,
        ValidatorTask(
            scope=scope,
            requirements=requirements,
            blueprint=tested.blueprint or blueprint,
            tree=tested.tree,
            report=tested.report,
            delivery=tested.delivery,
            mutation=tested.mutation,
            round_number=round_number,
        ),
        f"validator{suffix}",
        Validated,
    )
    return Verified(tested=tested, validated=validated)
