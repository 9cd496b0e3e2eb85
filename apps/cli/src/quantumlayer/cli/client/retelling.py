"""The events of a run that changes what exists, each said to people."""

from __future__ import annotations

from typing import Any

from quantumlayer.cli.wording import listed

Data = dict[str, Any]


def base_read(data: Data) -> str:
    """What is there, and what its user did to it."""
    edits = [str(path) for path in data.get("edits") or ()]
    told = f"changes {data.get('title') or 'what is there'}, {_count(data.get('files'))} files"
    by_hand = f"; changed by hand: {listed(edits, 3)}" if edits else ""
    return "; ".join([told + by_hand, *(str(note) for note in data.get("notes") or ())])


def baseline_tested(data: Data) -> str:
    """What held before."""
    failing = [str(name) for name in data.get("failing") or ()]
    if data.get("verdict") == "passed":
        return f"before: all {data.get('executed', '?')} tests pass"
    why = listed(failing, 3) if failing else str(data.get("reason") or "")
    return f"before anything is changed: {data.get('verdict')}, {why}"


def change_ready(data: Data) -> str:
    """What is to be different."""
    told = [
        f"{mark} {one.get('id')} {one.get('statement')}"
        for name, mark in (("added", "+"), ("changed", "~"), ("removed", "-"))
        for one in data.get(name) or ()
        if isinstance(one, dict)
    ]
    return f"to change: {'; '.join(told)}; {_count(data.get('kept'))} kept"


def revision_made(data: Data) -> str:
    """What became of the files."""
    files = [one for one in data.get("files") or () if isinstance(one, dict)]
    added = sum(int(one.get("linesAdded") or 0) for one in files)
    removed = sum(int(one.get("linesRemoved") or 0) for one in files)
    paths = [str(one.get("path")) for one in files]
    return f"changed {listed(paths, 5) or 'no file'} (+{added} -{removed} lines)"


def _count(value: object) -> int:
    """How many: a number as it is, a list by its length."""
    if isinstance(value, int):
        return value
    return len(value) if isinstance(value, list) else 0
