"""An edit that leaves out the same middle twice: `...` in the search, and in what replaces it."""

from collections.abc import Iterator, Sequence

from quantumlayer.agents.edits.leftovers import is_elision
from quantumlayer.agents.edits.lines import written_lines
from quantumlayer.agents.edits.readings import Pair


def pieces(search: str, replacement: str) -> tuple[Pair, ...]:
    """What stands around the lines left out, piece by piece; empty when it cannot be paired."""
    wanted, given = list(_split(search)), list(_split(replacement))
    if len(wanted) < 2 or len(wanted) != len(given):
        return ()
    pairs = tuple(zip(wanted, given, strict=True))
    return pairs if all(one.strip() for one, _ in pairs) else ()


def _split(text: str) -> Iterator[str]:
    piece: list[str] = []
    for line in written_lines(text):
        if is_elision(line):
            yield _joined(piece)
            piece = []
        else:
            piece.append(line)
    yield _joined(piece)


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
