"""Why a text was not found, with what the file has instead."""

from collections.abc import Sequence

from quantumlayer.agents.edits.lines import Line, plain, without_empty_ends, written_lines

_SHOWN_CHARACTERS = 120
_SHOWN_LINES = 6


class NoMatch(ValueError):  # noqa: N818 - says what happened
    """The text stands nowhere, or at several places; the message tells the model which."""


class Nowhere(NoMatch):
    """The text stands nowhere as it was read; another reading of it may."""


def several(numbers: Sequence[int]) -> NoMatch:
    """The text stands in the lines of `numbers`, counted from one."""
    named = ", ".join(map(str, numbers[:5]))
    return NoMatch(
        f"the text to search for occurs {len(numbers)} times, not exactly once (lines {named}); "
        "take more lines around it into the search"
    )


def nowhere(lines: Sequence[Line], search: str, replacement: str) -> Nowhere:
    """Says where most of the lines stand, the first that differs there, and what is around it."""
    said = "the text to search for occurs 0 times, not exactly once"
    wanted = [plain(line) for line in without_empty_ends(written_lines(search))]
    given = [plain(line) for line in without_empty_ends(written_lines(replacement))]
    seen = [plain(line.words) for line in lines]
    if any(given) and _stands(seen, given):
        return Nowhere(f"{said}, but what should replace it is there already; leave it as it is")
    begin = _nearest(seen, wanted)
    if begin is None:
        return Nowhere(f"{said}: {wanted[0][:_SHOWN_CHARACTERS]!r}" if wanted else said)
    for offset, line in enumerate(wanted):
        there = seen[begin + offset] if begin + offset < len(seen) else None
        if there != line:
            has = (
                "the file ends there"
                if there is None
                else f"the file has {there[:_SHOWN_CHARACTERS]!r}"
            )
            return Nowhere(
                f"{said}; from line {begin + 1} on it nearly does, but in line "
                f"{begin + offset + 1} {has}, the search {line[:_SHOWN_CHARACTERS]!r}"
                f"{_around(lines, begin + offset)}"
            )
    return Nowhere(said)


def _stands(seen: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(
        list(seen[begin : begin + len(wanted)]) == list(wanted)
        for begin in range(len(seen) - len(wanted) + 1)
    )


def _nearest(seen: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Where the most lines of `wanted` would stand right; None when none does."""
    alike = {
        begin: sum(one == other for one, other in zip(seen[begin:], wanted, strict=False) if one)
        for begin in range(len(seen))
    }
    best = max(alike, key=alike.__getitem__, default=0)
    return best if alike.get(best) else None


def _around(lines: Sequence[Line], place: int) -> str:
    begin = max(0, min(place, len(lines)) - _SHOWN_LINES // 2)
    shown = [
        f"\n{number:>5} | {line.words[:_SHOWN_CHARACTERS]}"
        for number, line in enumerate(lines[begin : begin + _SHOWN_LINES], begin + 1)
    ]
    return f"; the file there:{''.join(shown)}" if shown else ""
