"""Definitions: the named things of a file with their spans, parameters and documentation."""

from bisect import bisect_right
from typing import NamedTuple

from tree_sitter import Node

from quantumlayer.parser.language import Language
from quantumlayer.parser.model import SymbolKind
from quantumlayer.parser.structure.captures import Captures
from quantumlayer.parser.structure.documentation import docstring, leading_comment
from quantumlayer.parser.structure.parameters import parameter_names

MAX_DEFINITIONS = 20_000
_MAX_NAME = 200
# Captures that make a symbol, those whose complexity is counted, and those that hold methods.
_LABELS = {kind.value: kind for kind in SymbolKind} | {"signature": SymbolKind.METHOD}
_COUNTED = frozenset({"function", "method"})
_HOLDERS = frozenset({"class", "interface", "struct", "trait", "enum", "scope"})


class Definition(NamedTuple):
    """A symbol with its place: bytes `start` up to `end`, rows `row` to `end_row` (from 0).

    `is_function`: whether complexity is counted for it.
    """

    start: int
    end: int
    kind: SymbolKind
    name: str
    row: int
    end_row: int
    parameters: tuple[str, ...]
    documentation: str
    is_function: bool


# Start, minus the end (of two that begin together the outer one sorts first), label, node and
# match: a plain tuple, there are thousands.
_Place = tuple[int, int, str, Node, dict[str, list[Node]]]


def definitions(captures: Captures, data: bytes, language: Language) -> list[Definition]:
    """The definitions of a file by place, the outer before the inner; at most MAX_DEFINITIONS."""
    places = _places(captures)
    docstrings = _docstrings(captures, places, data)
    comments = captures.spans("comment")
    comment_ends = [end for _, end in comments]
    found: list[Definition] = []
    around: list[tuple[int, bool]] = []
    style = language.parameters
    for index, (start, minus_end, label, node, match) in enumerate(places):
        while around and around[-1][0] <= start:
            around.pop()
        inside_holder = bool(around) and around[-1][1]
        around.append((-minus_end, label in _HOLDERS))
        if "name" not in match:
            continue
        parameters = match.get("parameters")
        row = node.start_point[0]
        found.append(
            Definition(
                start,
                -minus_end,
                SymbolKind.METHOD if inside_holder and label == "function" else _LABELS[label],
                _name(match["name"][0], data),
                row,
                _last_row(match["end"][-1] if "end" in match else node, row),
                parameter_names(_written(parameters, data), style) if parameters else (),
                docstrings.get(index) or leading_comment(data, start, comments, comment_ends),
                label in _COUNTED,
            )
        )
    return found


def _places(captures: Captures) -> list[_Place]:
    """Every definition once, by the first of the patterns that fit it, and every scope."""
    places: dict[tuple[int, int], tuple[int, _Place]] = {}
    for pattern, match in captures.definitions[:MAX_DEFINITIONS]:
        for label in match:
            if label in _LABELS:
                node = match[label][0]
                last = match["end"][-1] if "end" in match else node
                key = (node.start_byte, -last.end_byte)
                known = places.get(key)
                if known is None or pattern < known[0]:
                    places[key] = (pattern, (*key, label, node, match))
                elif pattern == known[0] and "parameters" in match:
                    # A match for each parameter.
                    known[1][4]["parameters"] += match["parameters"]
                break
    for node in captures.nodes.get("scope", ()):
        key = (node.start_byte, -node.end_byte)
        places.setdefault(key, (0, (*key, "scope", node, {})))
    return [places[key][1] for key in sorted(places)]


def _docstrings(captures: Captures, places: list[_Place], data: bytes) -> dict[int, str]:
    """Docstrings by the number of their place: the last that begins before the docstring."""
    starts = [place[0] for place in places]
    texts: dict[int, str] = {}
    for node in captures.nodes.get("documentation", ()):
        index = bisect_right(starts, node.start_byte) - 1
        if index >= 0 and -places[index][1] >= node.end_byte:
            texts[index] = docstring(data, node.start_byte, node.end_byte)
    return texts


def _name(node: Node, data: bytes) -> str:
    text = data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    return text if text.isidentifier() else " ".join(text.split())[:_MAX_NAME]


def _written(nodes: list[Node], data: bytes) -> bytes:
    """The parameter list: one node, its first and last bracket, or each parameter."""
    first = data[nodes[0].start_byte : nodes[0].end_byte]
    if len(nodes) == 1:
        return first
    if first == b"(":
        return data[nodes[0].start_byte : nodes[-1].end_byte]
    return b", ".join(data[node.start_byte : node.end_byte] for node in nodes)


def _last_row(node: Node, first: int) -> int:
    row, column = node.end_point
    return row - 1 if column == 0 and row > first else row
