"""Joining what two readings of one file found: each knows branches that the other does not."""

from collections.abc import Iterable, Sequence
from typing import Any

_Found = dict[str, Any]


def joined(first: _Found, second: _Found) -> _Found:
    """The fields of `first` with what only `second` has; measures are those of `first`.

    A symbol that both have, or that has another head in each, is told once.
    """
    return {
        **first,
        "symbols": _symbols(first["symbols"], second["symbols"]),
        "imports": _new(first["imports"], second["imports"], "module"),
        "calls": _new(first["calls"], second["calls"], "name"),
        "references": _new(first["references"], second["references"], "name"),
    }


def _symbols(first: Sequence[_Found], second: Iterable[_Found]) -> list[_Found]:
    lines: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for one in first:
        lines.setdefault((one["kind"], one["name"]), []).append((one["line"], one["end_line"]))
    more = [
        one
        for one in second
        if not any(
            start <= one["end_line"] and one["line"] <= end
            for start, end in lines.get((one["kind"], one["name"]), ())
        )
    ]
    return sorted([*first, *more], key=lambda one: (one["line"], -one["end_line"]))


def _new(first: Sequence[_Found], second: Iterable[_Found], field: str) -> list[_Found]:
    known = {one[field] for one in first}
    more = [one for one in second if one[field] not in known]
    return sorted([*first, *more], key=lambda one: one["line"]) if more else list(first)
