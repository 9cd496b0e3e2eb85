"""In which blocks of a file an edit may lie, when it names the lines that head them.

V4A's `@@ class Order` says where a hunk belongs, in words that a model remembers: the whole line
or its beginning. An anchor that the file lacks says nothing.
"""

from collections.abc import Sequence

from quantumlayer.agents.edits.lines import Line, indentation, plain

Region = tuple[range, ...] | None
"""The lines, counted from nought, among which an edit may lie; None for all."""

_BRACKETS = tuple("{})]")


def anchored(lines: Sequence[Line], anchors: Sequence[str]) -> Region:
    """The blocks that `anchors`, the outer before the inner, head."""
    region: Region = None
    for anchor in anchors:
        inside = region if region is not None else (range(len(lines)),)
        blocks = tuple(
            _block(lines, place)
            for part in inside
            for place in part
            if _heads(plain(lines[place].words), plain(anchor))
        )
        region = blocks or region
    return region


def allowed(region: Region, window: range) -> bool:
    """Whether lines reach into the region; what is around the change may stand outside."""
    return region is None or any(
        window.start < part.stop and part.start < window.stop for part in region
    )


def _heads(line: str, anchor: str) -> bool:
    if not anchor or not line.startswith(anchor):
        return False
    rest = line[len(anchor) :]
    return not rest or not (rest[0].isalnum() or rest[0] == "_") or not anchor[-1].isalnum()


def _block(lines: Sequence[Line], place: int) -> range:
    """The head at `place` and what is indented below it; all that follows, if nothing is."""
    depth = len(indentation(lines[place].words))
    end = place + 1
    deeper = False
    for end in range(place + 1, len(lines)):
        words = lines[end].words
        if not words.strip():
            continue
        if len(indentation(words)) > depth:
            deeper = True
        elif not (len(indentation(words)) == depth and words.strip().startswith(_BRACKETS)):
            break
    else:
        end = len(lines)
    return range(place, end if deeper else len(lines))
