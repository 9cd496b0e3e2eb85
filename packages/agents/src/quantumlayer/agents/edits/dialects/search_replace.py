"""Blocks of a text to search for and of what replaces it, with the path above or in the fence.

The form is aider's; the marks of cline and roo are read as well.

    src/app.py
    <<<<<<< SEARCH
    old lines
    =======
    new lines
    >>>>>>> REPLACE
"""

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile

from quantumlayer.agents.edits.dialects.paths import path_in
from quantumlayer.agents.edits.dialects.whole import files_in
from quantumlayer.agents.edits.edit import Edit, Replace, Unreadable

_BEGIN = re.compile(r"\s*(?:<{5,9}|-{5,9}) ?(?:SEARCH|ORIGINAL|HEAD)\b>?\s*(?P<path>\S*)\s*")
_MIDDLE = re.compile(r"\s*={5,9}\s*")
_END = re.compile(r"\s*(?:>{5,9}|\+{5,9}) ?(?:REPLACE|UPDATED)\b.*")
_PLACE = re.compile(r"\s*(?::(?:start|end)_line:\s*\d+|-{5,9})\s*")
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,}).*")
_ABOVE = 4


def read(answer: str) -> tuple[Edit, ...]:
    """The edits of an answer; whole files between them, as `whole` has them, are read too."""
    lines = answer.replace("\r\n", "\n").split("\n")
    edits, rest = _blocks(lines)
    if not edits:
        return ()
    return (*edits, *files_in("\n".join(rest)))


def _blocks(lines: Sequence[str]) -> tuple[list[Edit], list[str]]:
    edits: list[Edit] = []
    rest: list[str] = []
    path, place = "", 0
    while place < len(lines):
        begun = _BEGIN.fullmatch(lines[place])
        if not begun:
            rest.append(lines[place])
            place += 1
            continue
        path = path_in(begun["path"]) or _path_above(lines, place) or path
        end = _end_of(lines, place + 1)
        edits.append(_edit(path, lines[place + 1 : end], closed=_is_end(lines, end)))
        place = end
        while place < len(lines) and not _BEGIN.fullmatch(lines[place]):
            place += 1
            if _END.fullmatch(lines[place - 1]):
                break
    return edits, rest


def _end_of(lines: Sequence[str], place: int) -> int:
    """Where a block ends: at its end mark, or where it was left open before the next begins."""
    for index in range(place, len(lines)):
        if _END.fullmatch(lines[index]):
            return index
        if _BEGIN.fullmatch(lines[index]):
            return index
    return len(lines)


def _is_end(lines: Sequence[str], place: int) -> bool:
    return place < len(lines) and _END.fullmatch(lines[place]) is not None


def _edit(path: str, block: Sequence[str], *, closed: bool) -> Edit:
    text = "\n".join(block)
    middles = [index for index, line in enumerate(block) if _MIDDLE.fullmatch(line)]
    exact = [index for index in middles if block[index].strip() == "======="]
    middles = exact or middles
    if not closed:
        return Unreadable(path, text, "the block has no >>>>>>> REPLACE: was it cut off?")
    if not path:
        return Unreadable(path, text, "the block says nowhere which file it is for")
    if len(middles) != 1:
        return Unreadable(
            path,
            text,
            "the block has no line of ======= between old and new"
            if not middles
            else "the block has several lines of =======; give the whole file instead",
        )
    search, replacement = _without_place(block[: middles[0]]), block[middles[0] + 1 :]
    return Replace(path, _joined(search), _joined(replacement))


def _without_place(search: Sequence[str]) -> Sequence[str]:
    """The search without where it should be, as roo's form says it: models guess line numbers."""
    if not search or not search[0].strip().startswith(":start_line:"):
        return search
    return list(dropwhile(_PLACE.fullmatch, search))


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _path_above(lines: Sequence[str], place: int) -> str:
    """The path in the lines just above a block, past its fence; the nearest one."""
    for line in _just_above(lines, place):
        if path := path_in(line):
            return path
    return ""


def _just_above(lines: Sequence[str], place: int) -> Iterator[str]:
    for index in range(place - 1, max(-1, place - 1 - _ABOVE), -1):
        line = lines[index]
        if _END.fullmatch(line):
            return
        if line.strip():
            yield line
            if not _FENCE.fullmatch(line):
                return
