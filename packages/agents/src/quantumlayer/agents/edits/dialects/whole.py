"""Whole files: a path and a content, raw between two tags, or below the path in a fence.

<file path="src/app.py">
the whole content
</file>
<delete path="src/old.py"/>
"""

import re
from collections.abc import Iterator, Sequence

from quantumlayer.agents.edits.dialects.paths import normal, path_in
from quantumlayer.agents.edits.edit import Delete, Edit, Unreadable, Write

_OPEN = re.compile(r"\s*<file\s+(?:path|name)\s*=\s*[\"']?(?P<path>[^\"'>]+)[\"']?\s*>\s*")
_CLOSE = re.compile(r"\s*</file>\s*")
_GONE = re.compile(
    r"\s*<delete\s+(?:path|name)\s*=\s*[\"']?(?P<path>[^\"'>/]+(?:/[^\"'>/]+)*)[\"']?\s*/?>.*"
)
_FENCE = re.compile(r"(?P<mark>`{3,}|~{3,}).*")


def read(answer: str) -> tuple[Edit, ...]:
    """The files of an answer in tags, or else those in fences below their paths."""
    return files_in(answer) or tuple(_fenced(answer.replace("\r\n", "\n").split("\n")))


def files_in(text: str) -> tuple[Edit, ...]:
    """The files of a text in tags; one that is not closed is unreadable."""
    lines = text.replace("\r\n", "\n").split("\n")
    edits: list[Edit] = []
    place = 0
    while place < len(lines):
        if opened := _OPEN.fullmatch(lines[place]):
            end, closed = _end_of(lines, place + 1)
            path, content = normal(opened["path"]), _unfenced(lines[place + 1 : end])
            edits.append(
                Write(path, _joined(content))
                if closed
                else Unreadable(path, _joined(content), "the file has no </file>: was it cut off?")
            )
            place = end
        elif gone := _GONE.fullmatch(lines[place]):
            edits.append(Delete(normal(gone["path"])))
        place += 1
    return tuple(edits)


def _end_of(lines: Sequence[str], begin: int) -> tuple[int, bool]:
    """The last end mark before the next file begins: a content may hold such lines itself."""
    end = None
    for index in range(begin, len(lines)):
        if _CLOSE.fullmatch(lines[index]):
            end = index
        elif end is not None and (_OPEN.fullmatch(lines[index]) or _GONE.fullmatch(lines[index])):
            break
    return (len(lines), False) if end is None else (end, True)


def _fenced(lines: Sequence[str]) -> Iterator[Edit]:
    place = 0
    while place < len(lines):
        fence = _FENCE.fullmatch(lines[place])
        if not fence:
            place += 1
            continue
        above = next(
            (line for line in reversed(lines[max(0, place - 2) : place]) if line.strip()), ""
        )
        path = path_in(lines[place]) or path_in(above)
        end = next(
            (at for at in range(place + 1, len(lines)) if lines[at].rstrip() == fence["mark"]), None
        )
        content = _joined(lines[place + 1 : end])
        if path:
            yield (
                Unreadable(path, content, "the fence is not closed: was the file cut off?")
                if end is None
                else Write(path, content)
            )
        place = len(lines) if end is None else end + 1


def _unfenced(lines: Sequence[str]) -> Sequence[str]:
    """The lines without a fence directly inside of the tags."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    if len(filled) < 2:
        return lines
    first, last = lines[filled[0]], lines[filled[-1]]
    fence = _FENCE.fullmatch(first)
    if fence and last.rstrip() == fence["mark"]:
        return lines[filled[0] + 1 : filled[-1]]
    return lines


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
