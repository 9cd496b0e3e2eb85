"""Patches in V4A, the form that OpenAI's models learn: hunks with context and no line numbers.

Source: codex-rs/apply-patch/apply_patch_tool_instructions.md of openai/codex. Each hunk is an edit
for itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quantumlayer.agents.edits.dialects.paths import normal
from quantumlayer.agents.edits.edit import Delete, Edit, Move, Replace, Unreadable, Write

_FILE = re.compile(r"\*\*\* (?P<action>Add|Update|Delete|Create|Modify) File: ?(?P<path>.+?)\s*")
_MOVE = re.compile(r"\*\*\* (?:Move to|Rename to): ?(?P<path>.+?)\s*")
_BEGIN = re.compile(r"\*\*\* Begin Patch\s*")
_END = re.compile(r"\*\*\* End Patch\s*")
_END_OF_FILE = re.compile(r"\*\*\* End of File\s*")
_HEAD = re.compile(r"@@(?: -\d+(?:,\d+)? \+\d+(?:,\d+)? @@)? ?(?P<anchor>.*?)(?: ?@@)?\s*")
_GIT_PREFIX = re.compile(r"[ab]/")


def read(answer: str) -> tuple[Edit, ...]:
    """The edits of the patches in an answer, several in a row read as one."""
    lines = answer.replace("\r\n", "\n").split("\n")
    edits: list[Edit] = []
    place = 0
    while place < len(lines):
        found = _FILE.fullmatch(lines[place])
        place += 1
        if found:
            end = _end_of(lines, place)
            edits += _file(found["action"], normal(found["path"]), lines[place:end])
            place = end
    closed = any(_END.fullmatch(line) for line in lines)
    if edits and not closed and any(_BEGIN.fullmatch(line) for line in lines):
        last = edits[-1]
        edits[-1] = Unreadable(last.path, "", "the patch has no *** End Patch: was it cut off?")
    return tuple(edits)


def _end_of(lines: Sequence[str], place: int) -> int:
    for index in range(place, len(lines)):
        if _FILE.fullmatch(lines[index]) or _END.fullmatch(lines[index]):
            return index
    return len(lines)


def _file(action: str, path: str, body: Sequence[str]) -> Iterator[Edit]:
    if action == "Delete":
        yield Delete(path)
        return
    moved = next((found for line in body[:2] if (found := _MOVE.fullmatch(line))), None)
    lines = [line for line in body if not _MOVE.fullmatch(line)]
    if action in ("Add", "Create"):
        yield _added(path, lines)
        return
    for hunk in _hunks(lines):
        yield hunk.edit(path)
    if moved:
        yield Move(path, normal(moved["path"]))


def _added(path: str, body: Sequence[str]) -> Edit:
    lines = list(body)
    while lines and not lines[-1].strip():
        lines.pop()
    marked = all(line.startswith("+") or not line for line in lines)
    if not marked:
        return Unreadable(path, "\n".join(lines), "each line of a new file begins with +")
    return Write(path, "".join(f"{line[1:]}\n" for line in lines))


@dataclass(slots=True)
class _Hunk:
    anchors: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    at_end: bool = False

    def edit(self, path: str) -> Edit:
        text = "\n".join(self.lines)
        # Context that lost its blank in one line has lost it in all.
        lost = any(line[:1] not in ("", "+", "-", " ") for line in self.lines)
        marks = ("+", "-") if lost else ("+", "-", " ")
        old = [_bare(line, marks) for line in self.lines if not line.startswith("+")]
        new = [_bare(line, marks) for line in self.lines if not line.startswith("-")]
        if not any(line[:1] in ("+", "-") for line in self.lines):
            return Unreadable(path, text, "a hunk marks what it adds by + and what it removes by -")
        if not any(line.strip() for line in old) and self.anchors:
            return Unreadable(
                path, text, "a hunk that only adds needs the lines beside which the new ones stand"
            )
        only_adds = not any(line.strip() for line in old)
        return Replace(
            path,
            "" if only_adds else _joined(old),
            _joined(new),
            tuple(self.anchors),
            at_end=self.at_end or only_adds,
        )


def _hunks(lines: Sequence[str]) -> Iterator[_Hunk]:
    hunk = _Hunk()
    for line in lines:
        if line.startswith("@@") and (head := _HEAD.fullmatch(line)):
            if hunk.lines:
                yield hunk
                hunk = _Hunk()
            if head["anchor"].strip():
                hunk.anchors.append(head["anchor"])
        elif _END_OF_FILE.fullmatch(line):
            hunk.at_end = True
        elif not _BEGIN.fullmatch(line):
            hunk.lines.append(line)
    while hunk.lines and not hunk.lines[-1].strip():
        hunk.lines.pop()
    if hunk.lines:
        yield hunk


def _bare(line: str, marks: Sequence[str]) -> str:
    return line[1:] if line[:1] in marks else line


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
