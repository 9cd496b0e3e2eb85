"""All mutations of a JavaScript or TypeScript module: found over its tree, made in its text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from quantumlayer.qtest.mutation.changes import Change
from quantumlayer.qtest.mutation.grouping import GroupsOf
from quantumlayer.qtest.mutation.javascript.changes import changes_of, is_function
from quantumlayer.qtest.mutation.javascript.exclusions import is_excused, left_out
from quantumlayer.qtest.mutation.javascript.naming import name_of, said_around, text_at
from quantumlayer.qtest.mutation.mutations import Mutation, Place, Scope, made
from quantumlayer.qtest.mutation.spans import Source
from quantumlayer.qtest.runners.javascript_tree import parsed

if TYPE_CHECKING:
    from tree_sitter import Node

_DECIDING = frozenset({
    "if_statement", "ternary_expression", "while_statement", "do_statement", "for_statement",
    "for_in_statement", "throw_statement", "binary_expression", "catch_clause", "switch_case",
})  # fmt: skip
_NO_WORDS = frozenset({"j", "js", "jsx", "t", "ts", "tsx", "mj", "cj", "src", "index"})
_LONGEST_LINE = 1_000
_LONGEST_NAME = 80


@dataclass(frozen=True)
class _Scope(Scope):
    """Where the walk is. `begins` and `ends` are bytes: of the function around it."""

    begins: int = 0
    ends: int = 0


@dataclass
class _Found:
    """What a walk has found so far."""

    changes: list[tuple[Change, _Scope]] = field(default_factory=list)
    # Names → the functions, by their bytes, that mention them.
    readers: dict[str, set[tuple[int, int]]] = field(default_factory=dict)


def mutations_of(
    path: str, content: str, groups_of: GroupsOf = lambda _: ()
) -> tuple[list[Mutation], list[tuple[int, int]]]:
    """Every mutation of a module in the order of its text, and the points that they stand at.

    `groups_of` knows which groups of tests a text names: a function may be called like one, stand
    in an object that names it, or below a comment that does.

    A point is a line, from 1, and a column, from 0 in units of UTF-16 as JavaScript counts. A
    mutation's `first_line`, `last_line` and `about` are numbers of points: what V8 counts, and what
    maps of sources tell, is finer than lines. None of what the grammar cannot read.
    """
    tree = parsed(path, content)
    if tree is None or tree.root_node.has_error:
        return [], []
    source = Source(content.encode())
    found = _walked(tree.root_node, source, groups_of)
    unique = {
        (change.span.start, change.span.end, change.after): (change, scope)
        for change, scope in found.changes
    }
    ordered = [unique[key] for key in sorted(unique)]
    offsets = sorted({change.span.start for change, _ in ordered})
    return (
        list(_made(path, source, ordered, offsets, found.readers)),
        [_point(source, offset) for offset in offsets],
    )


def _walked(root: "Node", source: Source, groups_of: GroupsOf) -> _Found:
    found, lines = _Found(), source.content.decode().split("\n")
    pending: list[tuple[Node, _Scope]] = [(root, _Scope())]
    while pending:
        node, scope = pending.pop()
        if left_out(node, source) or _excused(node, lines):
            continue
        if node.type == "identifier" and scope.function:
            place = (scope.begins, scope.ends)
            found.readers.setdefault(text_at(node, source), set()).add(place)
        if is_function(node):
            scope = _within(node, scope, source, groups_of)
        elif node.type == "class_declaration":
            name = text_at(node.child_by_field_name("name"), source)
            scope = replace(scope, owner=f"{scope.owner}{name}.")
        elif not scope.function and node.type == "variable_declarator":
            scope = replace(scope, name=text_at(node.child_by_field_name("name"), source))
        if not _is_made(node, lines):
            found.changes += [(change, scope) for change in changes_of(node, source)]
        pending += [
            (child, scope)
            for n, child in enumerate(node.children)
            if child.is_named and node.field_name_for_child(n) not in ("key", "return_type")
        ]
    return found


def _is_made(node: "Node", lines: list[str]) -> bool:
    """Whether a line is longer than people write."""
    return len(lines[node.start_point[0]]) > _LONGEST_LINE


def _excused(node: "Node", lines: list[str]) -> bool:
    is_head = node.type.endswith(("_statement", "_declaration")) or node.type == "method_definition"
    return is_head and is_excused(lines, node.start_point[0] + 1)


def _within(node: "Node", scope: _Scope, source: Source, groups_of: GroupsOf) -> _Scope:
    """The scope of a function's own code."""
    name = name_of(node, source, within=bool(scope.function))
    if scope.function and not name:
        return scope
    whole = f"{scope.owner}{name or 'anonymous'}"[:_LONGEST_NAME]
    return _Scope(
        function=whole,
        owner=f"{whole}.",
        begins=node.start_byte,
        ends=node.end_byte,
        importance=scope.importance or _importance(node),
        serves=scope.serves | frozenset(groups_of(f"{whole} {said_around(node, source)}")),
    )


def _importance(node: "Node") -> int:
    """How much a function decides: its branches, refusals and loops."""
    count, pending = 0, list(node.children)
    while pending:
        one = pending.pop()
        count += one.type in _DECIDING
        pending += one.children
    return count


def _made(
    path: str,
    source: Source,
    changes: Sequence[tuple[Change, _Scope]],
    offsets: Sequence[int],
    readers: Mapping[str, set[tuple[int, int]]],
) -> Iterator[Mutation]:
    def points(begins: int, ends: int) -> tuple[int, int]:
        return bisect_left(offsets, begins), bisect_right(offsets, ends - 1) - 1

    for change, scope in changes:
        where = bisect_left(offsets, change.span.start)
        about = {(scope.begins, scope.ends)} if scope.function else readers.get(scope.name, set())
        here = replace(
            scope,
            lines=(where, where),
            about=tuple(points(*place) for place in sorted(about)),
            place=Place.BODY if scope.function else Place.LOADING,
        )
        if mutation := made(path, source, change, here):
            yield replace(mutation, words=mutation.words - _NO_WORDS)


def _point(source: Source, offset: int) -> tuple[int, int]:
    line = source.content.count(b"\n", 0, offset) + 1
    before = source.content[source.line_starts[line - 1] : offset].decode(errors="replace")
    return line, len(before.encode("utf-16-le")) // 2
