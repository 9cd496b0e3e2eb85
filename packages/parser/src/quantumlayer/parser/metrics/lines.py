"""Lines of code, of comments, and those that a file has more than once."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from quantumlayer.parser.structure import Span

REPEATED_RUN = 6
"""So many lines of code in a row, standing elsewhere in the file too, are called duplicated."""

# Marks and brackets alone say nothing: a run must have so many characters to be called repeated.
_SPEAKING = 60

# Stands for what a line has of a comment.
_MARK = b"\1"
_MARKS = b"\1 \t"
_LINE_OF_COMMENT = re.compile(rb"[^\n]*\S[^\n]*")


class Lines(NamedTuple):
    """Lines with code, lines with comments only, and lines of code that are duplicated."""

    code: int
    comments: int
    duplicated: int


def count_lines(data: bytes, comments: Iterable[Span]) -> Lines:
    """The lines of `data`, whose `comments` are sorted; blank lines count for nothing."""
    lines = list(filter(None, map(bytes.strip, _marked(data, comments).split(b"\n"))))
    code = [line for line in lines if line[0] != 1 or line.strip(_MARKS)]
    return Lines(len(code), len(lines) - len(code), _duplicated(code))


def _marked(data: bytes, comments: Iterable[Span]) -> bytes:
    """`data` with a mark in place of what each line has of a comment."""
    parts: list[bytes] = []
    place = 0
    for start, end in comments:
        if start >= place:
            comment = data[start:end]
            several = b"\n" in comment
            parts += (data[place:start], _LINE_OF_COMMENT.sub(_MARK, comment) if several else _MARK)
            place = end
    return b"".join((*parts, data[place:])) if parts else data


def _duplicated(lines: list[bytes]) -> int:
    """How many of `lines` lie in a run of REPEATED_RUN that occurs more than once."""
    # Hashes of runs: equal runs have equal ones, and numbers are cheap to hold and compare.
    runs = list(map(hash, zip(*(lines[shift:] for shift in range(REPEATED_RUN)), strict=False)))
    if len(set(runs)) == len(runs):
        return 0
    repeated = {run for run, count in Counter(runs).items() if count > 1}
    marked: set[int] = set()
    for place, run in enumerate(runs):
        if run in repeated and sum(map(len, lines[place : place + REPEATED_RUN])) >= _SPEAKING:
            marked.update(range(place, place + REPEATED_RUN))
    return len(marked)
