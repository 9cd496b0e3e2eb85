"""One look at the tree that was drafted: the tester writes its tests, and it is verified."""

from collections.abc import Iterable, Sequence

from quantumlayer.worker.generate_capsule.verifying import SETTLED, verify
from quantumlayer.worker.generate_capsule.work import Work
from quantumlayer.worker.nouns import PlannedItem


async def check(work: Work, round_number: int) -> bool:
    """Whether the tree is settled: passed, or nothing that anybody could mend."""
    work.tell("The tester runs every test and starts what is delivered; the validator weighs it.")
    waves = _waves(work.tests_to_write()) if round_number == 0 else ()
    work.take(
        await verify(work.scope, work.requirements, work.blueprint, work.tree, round_number, waves)
    )
    validated = work.judged.validated
    return validated.verdict in SETTLED or not validated.mendable


def _waves(items: Sequence[PlannedItem]) -> tuple[tuple[PlannedItem, ...], ...]:
    """`items` in groups: each leans only on files outside or in earlier groups."""
    waves: list[tuple[PlannedItem, ...]] = []
    left = list(items)
    while left:
        waiting = {item.path for item in left}
        ready = tuple(item for item in left if not _any_in(item.depends_on, waiting))
        waves.append(ready)
        left = [item for item in left if item not in ready]
    return tuple(waves)


def _any_in(paths: Iterable[str], waiting: set[str]) -> bool:
    return any(path in waiting for path in paths)
