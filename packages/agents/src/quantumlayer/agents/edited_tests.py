"""Edits of tests, each for itself: what would change other files, or lose a test, is refused."""

from collections.abc import Mapping, Sequence

from quantumlayer.agents.edits import (
    Applied,
    Delete,
    Edit,
    Move,
    Refusal,
    Unreadable,
    apply_gated,
)
from quantumlayer.agents.tree import Tree

_NAMED = 20


async def edited(tree: Tree, edits: Sequence[Edit]) -> Applied:
    """What `edits` make of the test files that there are; nothing that is in them goes."""
    judged = [(edit, _forbidden(tree, edit)) for edit in edits]
    aside = [Refusal(edit, why) for edit, why in judged if why]
    ours = [edit for edit, why in judged if not why]
    applied = await apply_gated(tree.texts, ours, tree.gate)
    if await _lost(tree, applied.changed):
        applied = await _one_by_one(tree, ours)
    return Applied(applied.changed, (*aside, *applied.refused), applied.failing)


async def _one_by_one(tree: Tree, edits: Sequence[Edit]) -> Applied:
    """Each edit upon those before it, so that only those are refused that take something away."""
    kept: list[Edit] = []
    refused: list[Refusal] = []
    so_far = Applied({})
    for edit in edits:
        tried = await apply_gated(tree.texts, [*kept, edit], tree.gate)
        if tried.refused:
            refused += tried.refused
        elif why := await _lost(tree, tried.changed):
            refused.append(Refusal(edit, why))
        else:
            kept, so_far = [*kept, edit], tried
    return Applied(so_far.changed, tuple(refused))


def _forbidden(tree: Tree, edit: Edit) -> str:
    """Why an edit may be of no tree, empty where it may. What cannot be read says why by itself."""
    if isinstance(edit, Delete | Move):
        return f"{edit.path}: files stay where they are; tests are added and sharpened"
    if isinstance(edit, Unreadable) or edit.path in tree.tests:
        return ""
    known = ", ".join(sorted(tree.tests)[:_NAMED])
    return f"{edit.path} is none of the test files; change only those that there are: {known}"


async def _lost(tree: Tree, changed: Mapping[str, str | None]) -> str:
    """What of the tests would be gone, in words; empty where all stays."""
    fewer = tree.lost_tests(changed)
    gone = [f"{path}: {count} tests" for path, count in fewer.items()]
    gone += await tree.lost_code(changed)
    if not gone:
        return ""
    return (
        f"this would be gone, or left without its body: {', '.join(gone[:_NAMED])}; tests are "
        "added and sharpened, never taken away or renamed"
    )
