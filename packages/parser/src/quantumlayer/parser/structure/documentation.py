"""Documentation: docstrings, and comments that stand directly above what they describe."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from quantumlayer.parser.structure.captures import Span

_LIMIT = 400
_MOST_BETWEEN = 200
# What may stand between a comment and what it describes: modifiers, attributes, decorators.
_BETWEEN = re.compile(
    rb"""\s*(?:(?:export|default|declare|pub(?:\([\w\s]+\))?|public|private|protected|static|local
    |abstract|final|async|unsafe|extern|typedef|inline|template\s*<[^;{}]*>
    |\w+\s*::[^\n]*\n|@[\w.]+(?:\([^()\n]*\))?|\#!?\[[^\n]*\]|\[[^\[\]\n]*\])\s*)*""",
    re.VERBOSE,
)
_MARKS = re.compile(
    r"^[ \t]*(?:/\*+!?|\*+(?!\S)|//[/!]*|#[#'|:]*|--+\[*[ ]?\|?|;+|%+|\(\*+|\{-+[ ]?\|?)"
    r"|(?:\*+/|\*+\)|-\}|\]\])[ \t]*$",
    re.MULTILINE,
)
_QUOTES = re.compile(r"^[A-Za-z]*(\"\"\"|'''|\"|')")


def docstring(data: bytes, start: int, end: int) -> str:
    """The text of the string literal in `data[start:end]`, indentation removed."""
    text = data[start : min(end, start + _LIMIT)].decode("utf-8", "ignore")
    opening = _QUOTES.match(text)
    if opening is None:
        return ""
    return _lines(text[opening.end() :].removesuffix(opening[1]))


def leading_comment(
    data: bytes, start: int, comments: Sequence[Span], comment_ends: Sequence[int]
) -> str:
    """The comments that end directly above byte `start`, without their marks; "" when none do.

    `comments` are sorted, `comment_ends` are their ends.
    """
    last = bisect_right(comment_ends, start) - 1
    if last < 0 or not _joined(data, comments[last].end, start):
        return ""
    first = last
    while first and start - comments[first].start < _LIMIT:
        above = comments[first - 1]
        if not data[above.end : comments[first].start].isspace() or _blank_line(
            data, above.end, comments[first].start
        ):
            break
        first -= 1
    if not _alone(data, comments[first].start):
        return ""
    text = data[comments[first].start : comments[last].end][:_LIMIT].decode("utf-8", "ignore")
    return _lines(_MARKS.sub("", text))


def _joined(data: bytes, end: int, start: int) -> bool:
    if start - end > _MOST_BETWEEN:
        return False
    gap = data[end:start]
    if gap.isspace() or not gap:
        return not _blank_line(data, end, start)
    return b"\n\n" not in gap and _BETWEEN.fullmatch(gap) is not None


def _blank_line(data: bytes, end: int, start: int) -> bool:
    # A line comment of some grammars holds its own line's end.
    held = 1 if data[end - 1 : end] == b"\n" else 0
    return data.count(b"\n", end, start) + held > 1


def _alone(data: bytes, start: int) -> bool:
    """Whether nothing stands before the comment on its line: else it speaks of that."""
    return not data[data.rfind(b"\n", 0, start) + 1 : start].strip()


def _lines(text: str) -> str:
    return "\n".join(map(str.strip, text.split("\n"))).strip() if "\n" in text else text.strip()
