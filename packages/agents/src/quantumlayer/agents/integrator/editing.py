"""Edits and whole files of the integrator, each for itself, past what guards the tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from quantumlayer.agents.edits import (
    Applied,
    Gate,
    Move,
    Refusal,
    Replace,
    apply_gated,
    read_edits,
)
from quantumlayer.agents.edits import Edit as AnyEdit
from quantumlayer.agents.edits import Write as WholeFile
from quantumlayer.agents.integrator.calls import Edit, Write
from quantumlayer.agents.integrator.guarding import Guard


@dataclass(frozen=True)
class Edited:
    """A file's new content, or why there is none. `failing` is as in `edits.Applied`."""

    content: str | None
    reason: str = ""
    failing: Mapping[str, int] | None = None


async def edited(
    texts: Mapping[str, str],
    asked: Edit | Write,
    guard: Guard,
    gate: Gate,
    failing: Mapping[str, int],
) -> Edited:
    """What becomes of one file of a tree, as path → content."""
    if why := guard.refuses(asked.path, texts, asked.contradicts):
        return Edited(None, why, failing)
    edit = (
        Replace(asked.path, asked.search, asked.replacement)
        if isinstance(asked, Edit)
        else WholeFile(asked.path, asked.content)
    )
    applied = await apply_gated(texts, [edit], gate, failing)
    if applied.refused:
        return Edited(None, "; ".join(one.reason for one in applied.refused), applied.failing)
    before = texts.get(asked.path, "")
    after = applied.changed.get(asked.path, before) or ""
    if why := guard.loses_tests(asked.path, before, after):
        return Edited(None, why, failing)
    return Edited(after, failing=applied.failing)


async def patched(
    texts: Mapping[str, str], patch: str, guard: Guard, gate: Gate, failing: Mapping[str, int]
) -> Applied:
    """What becomes of a tree by a patch; what the guard keeps is refused, the rest applied."""
    edits = read_edits("apply_patch", patch)
    kept = [one for one in edits if not _guarded(one, guard, texts)]
    applied = await apply_gated(texts, kept, gate, failing)
    refused = [Refusal(one, why) for one in edits if (why := _guarded(one, guard, texts))]
    return Applied(applied.changed, (*refused, *applied.refused), applied.failing)


def _guarded(edit: AnyEdit, guard: Guard, texts: Mapping[str, str]) -> str:
    paths = (edit.path, edit.to) if isinstance(edit, Move) else (edit.path,)
    return next((why for path in paths if path and (why := guard.refuses(path, texts))), "")
