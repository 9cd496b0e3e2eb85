"""What must not stand in new text: signs that it is not the code that was meant."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from quantumlayer.agents.edits.lines import indentation, written_lines
from quantumlayer.agents.edits.readings import has_entities

_MARKS = re.compile(
    r"(?:<{5,9} ?(?:SEARCH|ORIGINAL)|>{5,9} ?(?:REPLACE|UPDATED)|\*{3} (?:Begin|End) Patch"
    r"|\*{3} (?:Add|Update|Delete) File: .+|-{5,9} SEARCH|\+{5,9} REPLACE)\s*"
)
_COMMENT = re.compile(r"(?:#|//|--|;|%|/\*+|<!--|\{/\*+)\s*(?P<words>.*?)\s*(?:\*+/\}?|-->)?")
_ELLIPSIS = ("...", "\u2026")
_STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`")
_PROSE = frozenset({".md", ".markdown", ".rst", ".txt", ".diff", ".patch"})
_CODE = frozenset(
    {".py", ".go", ".java", ".rs", ".ts", ".js", ".mjs", ".cjs", ".kt", ".c", ".h", ".cpp", ".cs"}
)


def leftover(path: str, before: str, after: str) -> str | None:
    """Why `after`, which a model wrote in the place of `before`, cannot be meant as it is."""
    old = {line.strip() for line in written_lines(before)}
    lines = written_lines(after)
    new = [line for line in lines if line.strip() not in old]
    if mark := next((line for line in new if _MARKS.fullmatch(line)), None):
        return f"{mark.strip()!r} stands among the new lines; give one edit at a time"
    if left_out := _elision(path, lines, old, shrinks=len(lines) < len(written_lines(before))):
        return (
            f"{left_out.strip()!r} stands for lines that were left out, which would be lost; write "
            "them all, or search for less"
        )
    suffix = PurePosixPath(path).suffix
    if suffix not in _PROSE and any(re.match(r"\+(?!\+)", line) for line in new):
        return "new lines begin with +, as in a diff; give them without"
    if suffix in _CODE and not has_entities(before) and has_entities(_STRING.sub("", after)):
        return "new lines hold HTML entities such as &lt;; write the characters themselves"
    return None


def is_elision(line: str) -> bool:
    """Whether a line says by dots alone, or by a comment that begins with them, `and so on`."""
    words = line.strip()
    if words in _ELLIPSIS:
        return True
    comment = _COMMENT.fullmatch(words)
    return comment is not None and comment["words"].startswith(_ELLIPSIS)


def _elision(path: str, lines: Sequence[str], old: set[str], *, shrinks: bool) -> str | None:
    prose = PurePosixPath(path).suffix in _PROSE
    for index, line in enumerate(lines):
        words = line.strip()
        if words in old:
            continue
        if prose:
            if shrinks and words in _ELLIPSIS:
                return line
            continue
        comment = _COMMENT.fullmatch(words)
        if comment and (
            comment["words"].startswith(_ELLIPSIS)
            or (shrinks and comment["words"].endswith(_ELLIPSIS))
        ):
            return line
        if words in _ELLIPSIS and not (path.endswith((".py", ".pyi")) and _is_body(lines, index)):
            return line
    return None


def _is_body(lines: Sequence[str], index: int) -> bool:
    """Whether Python's `...` stands where a body does: alone in its block, or below its text."""
    depth = len(indentation(lines[index]))
    before = next((line for line in reversed(lines[:index]) if line.strip()), "")
    after = next((line for line in lines[index + 1 :] if line.strip()), "")
    opened = before.rstrip().endswith(":") or before.rstrip().endswith('"""') or not before
    return opened and (not after or len(indentation(after)) < depth)
