"""What a run changed of an earlier version, in words: by requirement, and by file."""

from __future__ import annotations

from typing import Any

from quantumlayer.cli.client.api import Api, Json
from quantumlayer.cli.wording import listed

_VERSIONS = """query($id: ID!) { run(id: $id) { versions {
  id status verdict reason title prompt createdAt elapsedSeconds costUsd project { slug }
  parent { id } changes { requirements { id change } } } } }"""

_MOST_NAMED = 12
_MARKS = {"added": "+", "changed": "~", "removed": "-"}


def change_lines(changes: dict[str, Any] | None) -> list[tuple[str, str]]:
    """(name, value) of what was changed; none of what was made anew."""
    if changes is None:
        return []
    lines = [("requirements", _requirements(changes["requirements"]))]
    lines.append(("changed", "\n".join(map(_file, changes["files"])) or "no file"))
    if changes["editedByHand"]:
        lines.append(("by hand", listed(changes["editedByHand"], _MOST_NAMED)))
    before = changes["baseline"]
    if before and before["verdict"] != "passed":
        failing = listed(before["failing"], _MOST_NAMED) or before["reason"]
        lines.append(("before", f"{before['verdict']}: {failing}"))
    return [*lines, *(("note", note) for note in changes["notes"])]


def list_versions(api: Api, run_id: str) -> list[Json]:
    """All versions that go back to the same first one as the run's, oldest first."""
    return list(api.ask(_VERSIONS, {"id": run_id})["run"]["versions"])


def _requirements(items: list[dict[str, Any]]) -> str:
    told = [
        f"{_MARKS[one['change']]} {one['id']} {one['statement']}"
        for one in items
        if one["change"] in _MARKS
    ]
    kept = sum(one["change"] == "kept" for one in items)
    return "\n".join([*told, f"{kept} kept"])


def _file(one: dict[str, Any]) -> str:
    lines = one["linesAdded"], one["linesRemoved"]
    counts = "" if None in lines else f" (+{lines[0]} -{lines[1]})"
    return f"{_MARKS[one['change']]} {one['path']}{counts}"
