"""A text as its lines, and as what of them a model reliably copies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# One character for one, so that places in both texts are the same.
_LOOK_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    }
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_BARE = re.compile(r"(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end, and where it begins and ends in the text."""

    words: str
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Change:
    """The characters from `begin` to `end` of a text, and what stands there afterwards."""

    begin: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """The lines of a file. Only a line feed ends one: form feeds and the like are characters."""
    return [
        Line(found[0].rstrip("\r\n"), found.start(), found.end()) for found in _LINE.finditer(text)
    ]


def written_lines(text: str) -> list[str]:
    """The lines of what a model wrote, without their ends."""
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def without_empty_ends(lines: Sequence[str]) -> list[str]:
    """`lines` from the first to the last in which anything stands."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    return list(lines[filled[0] : filled[-1] + 1]) if filled else []


def plain(line: str) -> str:
    """`line` trimmed, with look-alike quotes, dashes and blanks as the plain ones."""
    return line.translate(_LOOK_ALIKE).strip()


def indentation(line: str) -> str:
    """The blanks before the first word."""
    return line[: len(line) - len(line.lstrip())]


def line_end(text: str) -> str:
    """What ends the lines of `text`."""
    return "\r\n" if "\r\n" in text and not _BARE.search(text) else "\n"


def with_changes(text: str, changes: Sequence[Change]) -> str:
    """`text` after `changes`, none of which overlaps another; at one place, in their order."""
    parts, place = [], 0
    for change in sorted(changes, key=lambda change: (change.begin, change.end)):
        parts += [text[place : change.begin], change.text]
        place = change.end
    return "".join([*parts, text[place:]])
