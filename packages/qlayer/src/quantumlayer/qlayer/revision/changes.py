"""What became of the files: which are new, changed or gone, and by how many lines."""

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from quantumlayer.qlayer.noun import Noun

# Above this product of line counts lines are only counted, wherever they stand.
_MOST_COMPARED = 4_000_000


class FileChange(Noun):
    """One file of which the bytes differ; lines are None of what is no text."""

    path: str
    change: Literal["added", "changed", "removed"]
    lines_added: int | None = None
    lines_removed: int | None = None


def file_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[FileChange, ...]:
    """The difference of two trees (path → content), by path."""
    return tuple(
        _changed(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )


def _changed(path: str, before: bytes | None, after: bytes | None) -> FileChange:
    change: Literal["added", "changed", "removed"] = (
        "added" if before is None else "removed" if after is None else "changed"
    )
    if b"\0" in (before or b"") or b"\0" in (after or b""):
        return FileChange(path=path, change=change)
    added, removed = line_counts((before or b"").splitlines(), (after or b"").splitlines())
    return FileChange(path=path, change=change, lines_added=added, lines_removed=removed)


def line_counts(before: Sequence[bytes], after: Sequence[bytes]) -> tuple[int, int]:
    """How many lines are new, and how many are gone."""
    first = _alike(before, after)
    last = _alike(before[first:][::-1], after[first:][::-1])
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    if len(old) * len(new) > _MOST_COMPARED:
        common = (Counter(old) & Counter(new)).total()
    else:
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        common = sum(block.size for block in matcher.get_matching_blocks())
    return len(new) - common, len(old) - common


def _alike(left: Sequence[bytes], right: Sequence[bytes]) -> int:
    """How many lines both begin with."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
