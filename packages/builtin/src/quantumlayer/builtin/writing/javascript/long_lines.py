"""Breaking the lines that a template has made too long, as the usual formatter does.

Names and texts of a description can be of any length, so that a line of a template may or may not
fit. Of a line that does not, the outermost brackets that hold several items are broken.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from quantumlayer.builtin.writing.layout import INDENT, WIDTH

_MEMBER = re.compile(r"""(\s*)([\w$]+|"[^"]*"): (("|').*\4),""")
_TOKEN = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[\[({]|[\])}]|,|.""")
_COMMENT = re.compile(r"\s*(?://|/\*|\*)")


_Brackets = tuple[int, int, list[int]]
"""Where brackets open and close, and where the commas between their items are."""


def break_long_lines(text: str) -> str:
    """The same code, without lines that are too long and could be shorter."""
    return "\n".join(part for line in text.split("\n") for part in _broken(line))


def _broken(line: str) -> Iterator[str]:
    if len(line) <= WIDTH or _COMMENT.match(line):
        yield line
        return
    indent = " " * (len(line) - len(line.lstrip()))
    step = indent + " " * INDENT
    member = _MEMBER.fullmatch(line)
    if member is not None:
        yield from (f"{indent}{member[2]}:", f"{step}{member[3]},")
        return
    found = _outermost(line)
    if found is None:
        yield line
        return
    head, items, tail = found
    yield head.rstrip()
    for item in items:
        yield from _broken(f"{step}{item},")
    yield f"{indent}{tail.lstrip()}"


def _hugged(line: str, found: list[_Brackets]) -> _Brackets:
    """The outermost brackets, or those of the last argument of a call, which stay beside it."""
    start, end, at = found[0]
    is_call = line[start] == "(" and at
    inner = [each for each in found if is_call and each[0] == at[-1] + 2 and each[1] == end - 1]
    return inner[0] if inner else found[0]


def _outermost(line: str) -> tuple[str, list[str], str] | None:
    """What stands before, in and behind the outermost brackets with commas between their items."""
    open_at: list[int] = []
    commas: dict[int, list[int]] = {}
    found: list[_Brackets] = []
    for token in _TOKEN.finditer(line):
        if token[0] in "[({":
            open_at.append(token.start())
        elif token[0] in "])}" and open_at:
            start = open_at.pop()
            if start in commas or token[0] == "}":
                found.append((start, token.start(), commas.get(start, [])))
        elif token[0] == "," and open_at:
            commas.setdefault(open_at[-1], []).append(token.start())
    if not found:
        return None
    start, end, at = _hugged(line, sorted(found))
    edges = [start, *at, end]
    items = [line[one + 1 : two].strip() for one, two in pairwise(edges)]
    return line[: start + 1], [item for item in items if item], line[end:]
