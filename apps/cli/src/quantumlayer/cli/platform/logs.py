"""What the parts have written to their logs."""

from __future__ import annotations

from collections import deque
from pathlib import Path

_LINES = 20
_CHARACTERS = 300


def last_words(path: Path) -> str:
    """The last line of a log, as the end of a sentence that says where the rest of it is."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            lines = [line.rstrip() for line in deque(stream, _LINES) if line.strip()]
    except OSError:
        lines = []
    # What is indented only shows what the line before it speaks of.
    lines = [line for line in lines if not line[0].isspace()] or [line.strip() for line in lines]
    return f": {lines[-1][:_CHARACTERS]} (all of it in {path})" if lines else f" (see {path})"
