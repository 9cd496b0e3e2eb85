"""Which lines of a JavaScript or TypeScript source could run: what no test loads has none that ran.

A grammar decides, since types, comments and what only declares are nothing that a test could run.
"""

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

# What is there for compilers and people alone.
_NOT_RUN = frozenset({
    "comment", "hash_bang_line", "type_annotation", "type_arguments", "type_parameters",
    "interface_declaration", "type_alias_declaration", "ambient_declaration", "function_signature",
    "abstract_method_signature", "method_signature", "property_signature", "index_signature",
    "implements_clause", "asserts_annotation", "type_predicate_annotation", "extends_type_clause",
})  # fmt: skip
_OF_TYPES = frozenset({"import_statement", "export_statement"})
_PLAIN_TYPESCRIPT = re.compile(r"\.[cm]?ts$")
_LONGEST_SECONDS = 1.0
_PIECE = 64 * 1024


def executable_lines(path: str, text: str) -> tuple[int, ...]:
    """The lines, from 1. Where the grammar takes too long, all that are not blank."""
    tree = _tree(path, text.encode())
    if tree is None:
        return tuple(n for n, line in enumerate(text.splitlines(), 1) if line.strip())
    return tuple(sorted(set(_lines(tree.root_node))))


def _tree(path: str, source: bytes) -> "Tree | None":
    # Only JavaScript's coverage needs it, and only where something was not loaded.
    from tree_sitter import Parser  # noqa: PLC0415
    from tree_sitter_language_pack import get_language  # noqa: PLC0415

    # What reads JSX reads JavaScript, too, but not the casts of TypeScript without it.
    language = get_language("typescript" if _PLAIN_TYPESCRIPT.search(path) else "tsx")
    until = time.monotonic() + _LONGEST_SECONDS
    try:
        return Parser(language).parse(
            lambda start, _place: source[start : start + _PIECE],
            progress_callback=lambda *_: time.monotonic() > until,
        )
    except ValueError:
        return None


def _lines(root: "Node") -> Iterator[int]:
    """The line of every name, word and value that is there when the program runs."""
    pending = list(root.children)
    while pending:
        node = pending.pop()
        if node.type in _NOT_RUN or (node.type in _OF_TYPES and _is_of_types(node)):
            continue
        if node.child_count == 0:
            if node.is_named or node.type.isalpha():
                yield node.start_point[0] + 1
            continue
        pending.extend(node.children)


def _is_of_types(statement: "Node") -> bool:
    """Whether nothing but types is imported or exported: `import type …`, `export interface …`."""
    words = {child.type for child in statement.children}
    return "type" in words or bool(words & _NOT_RUN - {"comment"})
