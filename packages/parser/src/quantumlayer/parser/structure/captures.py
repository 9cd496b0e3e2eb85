"""What a language's query finds in a tree, in one walk that C does.

A query file in `queries/` says all that is to be known of a language's trees, together with those
that its first line names: `; inherits: ecmascript, jsx`, as editors' query files have it; what it
says itself comes first. Its captures:

`@function @method @class @interface @struct @trait @type @enum @module @constant @section @target
@table` with `@name` in the same pattern, and `@parameters` where there are some: a symbol; of
several patterns for one node the first in the file counts. `@parameters` may be the whole list, its
two brackets, or each parameter. `@end`: the symbol reaches to the end of this node. `@body`: the
anonymous function that it names. `@signature`: a method without a body, whose complexity is
nobody's.
A name that begins with `_` is for predicates only.
`@scope`: functions directly inside are methods, without being a symbol itself.
`@documentation`: a docstring, the first thing in its symbol. `@comment`. `@import`: what is
brought in. `@call` and `@reference`: names that are called or referred to.
Complexity, see `metrics.complexity`: `@branch @elif @else @switch @decision @and @or @jump
@deeper`.
"""

import re
from collections import defaultdict
from functools import cache
from importlib import resources
from typing import NamedTuple

from tree_sitter import Node, Query, QueryCursor

from quantumlayer.parser.grammars import grammar
from quantumlayer.parser.languages import LANGUAGES

# States of matches under way: beyond them a strange source loses matches, not the machine.
_MATCH_LIMIT = 4_096
_INHERITS = re.compile(r"; inherits: (.+)")


class Span(NamedTuple):
    """Bytes `start` up to `end`."""

    start: int
    end: int


class Captures(NamedTuple):
    """The matches that name a symbol, with their pattern's number, and all other captured nodes."""

    definitions: list[tuple[int, dict[str, list[Node]]]]
    nodes: dict[str, list[Node]]

    def spans(self, role: str) -> list[Span]:
        """Where the nodes of `role` lie, in the order of the source."""
        return sorted([Span(node.start_byte, node.end_byte) for node in self.nodes.get(role, ())])


@cache
def query(language: str) -> Query | None:
    """The query of `language`, compiled once; None for a language without."""
    row = LANGUAGES[language]
    if row.query is None:
        return None
    return Query(grammar(row.grammar), _text(row.query))


def _text(name: str) -> str:
    """A query file with those that it inherits behind it."""
    folder = resources.files("quantumlayer.parser").joinpath("queries")
    own = folder.joinpath(f"{name}.scm").read_text("utf-8")
    inherits = _INHERITS.match(own)
    names = inherits[1].split(", ") if inherits else []
    return "\n".join([own, *map(_text, names)])


@cache
def roles(language: str) -> frozenset[str]:
    """The captures that the query of `language` can make."""
    compiled = query(language)
    if compiled is None:
        return frozenset()
    return frozenset(map(compiled.capture_name, range(compiled.capture_count)))


def capture(root: Node, language: str) -> Captures:
    """Everything that the query of `language` finds below `root`."""
    definitions: list[tuple[int, dict[str, list[Node]]]] = []
    nodes: defaultdict[str, list[Node]] = defaultdict(list)
    compiled = query(language)
    if compiled is not None:
        cursor = QueryCursor(compiled, match_limit=_MATCH_LIMIT)
        for pattern, match in cursor.matches(root):
            if "name" in match:
                definitions.append((pattern, match))
            else:
                for role in match:
                    nodes[role] += match[role]
    return Captures(definitions, dict(nodes))
