"""Which planned files are written in one answer: small ones together, each agent's own."""

from collections.abc import Iterable

from quantumlayer.qlayer import FileRole
from quantumlayer.worker.nouns import PlannedItem

# Longer answers are cut off by models with small limits, and lose their thread.
CHARACTERS_AT_ONCE = 12_000
FILES_AT_ONCE = 12

Batch = tuple[PlannedItem, ...]


def writer(item: PlannedItem) -> str:
    """Who writes a file: the agent that the plan names, or else a generator or the tester."""
    return item.agent or ("tester" if item.role is FileRole.TEST else "generator")


def batches(items: Iterable[PlannedItem]) -> list[Batch]:
    """`items` in as few answers as they fit into: each of one agent, and not too long.

    Batches, and the files of each, stand in the order of the plan.
    """
    planned = tuple(items)
    place = {item.path: number for number, item in enumerate(planned)}
    by_writer: dict[tuple[str, bool], list[PlannedItem]] = {}
    for item in planned:
        by_writer.setdefault((writer(item), item.role is FileRole.TEST), []).append(item)
    packed = [
        tuple(sorted(batch, key=lambda item: place[item.path]))
        for own in by_writer.values()
        for batch in _packed(own)
    ]
    return sorted(packed, key=lambda batch: place[batch[0].path])


def _packed(items: Iterable[PlannedItem]) -> list[list[PlannedItem]]:
    """The long ones first, each into the first batch that has room for it."""
    packed: list[list[PlannedItem]] = []
    for item in sorted(items, key=lambda item: -item.characters):
        room = (batch for batch in packed if _fits(item, batch))
        batch = next(room, None)
        if batch is None:
            packed.append([item])
        else:
            batch.append(item)
    return packed


def _fits(item: PlannedItem, batch: Iterable[PlannedItem]) -> bool:
    taken = [one.characters for one in batch]
    return sum(taken) + item.characters <= CHARACTERS_AT_ONCE and len(taken) < FILES_AT_ONCE
