"""Which lines of a JavaScript or TypeScript source could run: what no test loads has none that ran.

A grammar decides, since types, comments and what only declares are nothing that a test could run.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quantumlayer.qtest.runners.javascript_tree import NOT_RUN, parsed

if TYPE_CHECKING:
    from tree_sitter import Node

_OF_TYPES = frozenset({"import_statement", "export_statement"})


def executable_lines(path: str, text: str) -> tuple[int, ...]:
    """The lines, from 1. Where the grammar takes too long, all that are not blank."""
    tree = parsed(path, text)
    if tree is None:
        return tuple(n for n, line in enumerate(text.splitlines(), 1) if line.strip())
    return tuple(sorted(set(_lines(tree.root_node))))


def _lines(root: "Node") -> Iterator[int]:
    """The line of every name, word and value that is there when the program runs."""
    pending = list(root.children)
    while pending:
        node = pending.pop()
        if node.type in NOT_RUN or (node.type in _OF_TYPES and _is_of_types(node)):
            continue
        if node.child_count == 0:
            if node.is_named or node.type.isalpha():
                yield node.start_point[0] + 1
            continue
        pending.extend(node.children)


def _is_of_types(statement: "Node") -> bool:
    """Whether nothing but types is imported or exported: `import type …`, `export interface …`."""
    words = {child.type for child in statement.children}
    return "type" in words or bool(words & NOT_RUN - {"comment"})
