"""Pieces of a JSON document put together, whatever fields they have."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# Said once, or again and again, but never in pieces.
_ONCE = frozenset(
    {"created", "format", "id", "index", "model", "name", "object", "role", "service_tier", "type"}
)


@dataclass(slots=True)
class _Growing:
    """A text that still grows."""

    pieces: list[str]


def merged(pieces: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The document: texts grow, objects of a list are told apart by `index`, else the last wins."""
    whole: dict[str, Any] = {}
    for piece in pieces:
        _grow(whole, piece)
    return {name: _grown(value) for name, value in whole.items()}


def _grow(whole: dict[str, Any], piece: dict[str, Any]) -> None:
    for name, value in piece.items():
        before = whole.get(name)
        if value is None or (name in _ONCE and before):
            whole.setdefault(name, value)
        elif isinstance(value, str) and name not in _ONCE:
            if isinstance(before, _Growing):
                before.pieces.append(value)
            else:
                whole[name] = _Growing([value])
        elif isinstance(value, dict):
            if not isinstance(before, dict):
                before = whole[name] = {}
            _grow(before, value)
        elif isinstance(value, list):
            if not isinstance(before, list):
                before = whole[name] = []
            _grow_list(before, value)
        else:
            whole[name] = value


def _grow_list(whole: list[Any], more: list[Any]) -> None:
    for value in more:
        if not isinstance(value, dict):
            whole.append(value)
            continue
        index = value.get("index")
        same = (one for one in whole if isinstance(one, dict) and one.get("index") == index)
        known = None if index is None else next(same, None)
        if known is None:
            whole.append(known := {})
        _grow(known, value)


def _grown(value: object) -> object:
    if isinstance(value, _Growing):
        return "".join(value.pieces)
    if isinstance(value, dict):
        return {name: _grown(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_grown(inner) for inner in value]
    return value
