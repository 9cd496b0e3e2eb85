"""A gate behind the edits: none may make a file unreadable for its language that was readable."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from quantumlayer.agents.edits.applying import IN_A_ROW, apply_edits, judged
from quantumlayer.agents.edits.edit import Applied, Edit, Move, Refusal, Write

Gate = Callable[[Mapping[str, str]], Awaitable[Mapping[str, str]]]
"""Some texts by path → where and why each of them that does not parse does not."""


async def apply_gated(
    texts: Mapping[str, str],
    edits: Iterable[Edit],
    gate: Gate,
    failing: Mapping[str, int] | None = None,
) -> Applied:
    """What `apply_edits` gives, without the edits that would break a file that parsed.

    Where the edits of a file together break it, each is tried upon those before it. A whole file
    that was asked for after such failures is taken as it is: a grammar may know less than a
    compiler, and there must be a way out.
    """
    batch = tuple(dict.fromkeys(edits))
    applied = apply_edits(texts, batch, failing)
    insisted = {
        edit.path
        for edit in batch
        if isinstance(edit, Write) and (failing or {}).get(edit.path, 0) >= IN_A_ROW
    }
    broken = await _broken(texts, applied.changed, gate)
    broken = {path: place for path, place in broken.items() if path not in insisted}
    if not broken:
        return applied
    refused = [
        refusal
        for path in broken
        for refusal in await _guilty(texts, [edit for edit in batch if _is_of(edit, path)], gate)
    ]
    guilty = {refusal.edit for refusal in refused}
    rest = apply_edits(texts, [edit for edit in batch if edit not in guilty])
    order = {edit: number for number, edit in enumerate(batch)}
    refused = sorted([*refused, *rest.refused], key=lambda refusal: order[refusal.edit])
    return judged(rest.changed, refused, batch, failing or {})


async def _guilty(texts: Mapping[str, str], edits: Sequence[Edit], gate: Gate) -> list[Refusal]:
    kept: list[Edit] = []
    guilty: list[Refusal] = []
    for edit in edits:
        applied = apply_edits(texts, [*kept, edit])
        broken = await _broken(texts, applied.changed, gate)
        if not broken:
            kept.append(edit)
            continue
        path, place = next(iter(broken.items()))
        guilty.append(Refusal(edit, f"{path}: with this edit it would not parse any more: {place}"))
    return guilty


async def _broken(
    texts: Mapping[str, str], changed: Mapping[str, str | None], gate: Gate
) -> Mapping[str, str]:
    """The files that parsed and would not any more, each with the place."""
    after = {path: text for path, text in changed.items() if text is not None and path in texts}
    broken = await gate(after)
    before = await gate({path: texts[path] for path in broken})
    return {path: place for path, place in broken.items() if path not in before}


def _is_of(edit: Edit, path: str) -> bool:
    return edit.path == path or (isinstance(edit, Move) and edit.to == path)
