"""Trees of JavaScript and TypeScript, from the grammars that read both."""

import re
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Tree

NOT_RUN = frozenset({
    "comment", "hash_bang_line", "type_annotation", "type_arguments", "type_parameters",
    "interface_declaration", "type_alias_declaration", "ambient_declaration", "function_signature",
    "abstract_method_signature", "method_signature", "property_signature", "index_signature",
    "implements_clause", "asserts_annotation", "type_predicate_annotation", "extends_type_clause",
})  # fmt: skip
"""What is there for compilers and people alone."""

_PLAIN_TYPESCRIPT = re.compile(r"\.[cm]?ts$")
_LONGEST_SECONDS = 1.0
_PIECE = 64 * 1024


def parsed(path: str, content: str) -> "Tree | None":
    """The tree of a module; None where the grammar takes too long."""
    from tree_sitter import Parser  # noqa: PLC0415 - loaded where something is read, and not with the room
    from tree_sitter_language_pack import get_language  # noqa: PLC0415 - as above

    # What reads JSX reads JavaScript, too, but not the casts of TypeScript without it.
    language = get_language("typescript" if _PLAIN_TYPESCRIPT.search(path) else "tsx")
    until, source = time.monotonic() + _LONGEST_SECONDS, content.encode()
    try:
        return Parser(language).parse(
            lambda start, _place: source[start : start + _PIECE],
            progress_callback=lambda *_: time.monotonic() > until,
        )
    except ValueError:
        return None
