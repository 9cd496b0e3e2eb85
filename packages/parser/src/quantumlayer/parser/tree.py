"""What a tree-sitter tree tells: places that do not fit the grammar, and the symbols defined.

Runs in a worker process. Trees are walked with cursors, never by recursion: sources may nest
deeper than the interpreter's stack.
"""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import cast

import tree_sitter_language_pack
from tree_sitter import Node, Parser, Query, QueryCursor, Tree

from quantumlayer.parser.excerpt import excerpt
from quantumlayer.parser.languages import LANGUAGES
from quantumlayer.parser.model import Symbol, SymbolKind, SyntaxProblem

MAX_PROBLEMS = 20
MAX_SYMBOLS = 20_000
_SYMBOL_KINDS = {kind.value: kind for kind in SymbolKind}


@cache
def _parser(grammar: str) -> Parser:
    return tree_sitter_language_pack.get_parser(
        cast("tree_sitter_language_pack.SupportedLanguage", grammar)
    )


@cache
def _query(grammar: str, name: str) -> Query:
    text = resources.files("quantumlayer.parser").joinpath(f"queries/{name}.scm").read_text("utf-8")
    return Query(
        tree_sitter_language_pack.get_language(
            cast("tree_sitter_language_pack.SupportedLanguage", grammar)
        ),
        text,
    )


def parse(language: str, data: bytes) -> Tree:
    """`data` as a tree of `language`; may hang, so only ever under a limit that kills."""
    # Some grammars call a last line without its end an error.
    whole = data if data.endswith(b"\n") else data + b"\n"
    return _parser(LANGUAGES[language].grammar).parse(whole)


def problems(tree: Tree, data: bytes) -> tuple[SyntaxProblem, ...]:
    """The first places where the tree has errors, in the order of the source."""
    if not tree.root_node.has_error:
        return ()
    raw_lines = data.split(b"\n")
    lines = [line.decode("utf-8", errors="replace") for line in raw_lines]
    found = []
    for node in _error_nodes(tree.root_node):
        row, byte_column = _place(node, raw_lines)
        column = len(raw_lines[row][:byte_column].decode("utf-8", errors="replace")) + 1
        found.append(
            SyntaxProblem(
                line=row + 1,
                column=column,
                message=_message(node, data),
                excerpt=excerpt(lines, row + 1, column),
            )
        )
        if len(found) == MAX_PROBLEMS:
            break
    return tuple(found)


def _place(node: Node, raw_lines: list[bytes]) -> tuple[int, int]:
    """Row and byte of the node; what is missing behind the last line is missing at its end."""
    row, byte_column = node.start_point
    if row < len(raw_lines):
        return row, byte_column
    return len(raw_lines) - 1, len(raw_lines[-1])


def _error_nodes(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        inner = [child for child in node.children if child.has_error or child.is_missing]
        if node.is_missing or (node.is_error and not inner):
            yield node
        pending.extend(reversed(inner))


def _message(node: Node, data: bytes) -> str:
    if node.is_missing:
        return f"missing {node.type!r}"
    words = data[node.start_byte : min(node.end_byte, node.start_byte + 200)].split()
    if not words:
        return "unexpected end of the file"
    return f"unexpected {words[0].decode('utf-8', errors='replace')[:40]!r}"


def symbols(tree: Tree, language: str) -> tuple[Symbol, ...]:
    """The symbols that the language's query finds, by line; none for a language without query."""
    row = LANGUAGES[language]
    if row.query is None:
        return ()
    found = []
    for _, captures in QueryCursor(_query(row.grammar, row.query)).matches(tree.root_node):
        label = next(name for name in captures if name in _SYMBOL_KINDS)
        node = captures[label][0]
        parameters = captures.get("parameters", [])
        found.append(
            Symbol(
                kind=_kind(node, _SYMBOL_KINDS[label]),
                name=_text(captures["name"][0]),
                line=node.start_point[0] + 1,
                end_line=node.end_point[0] + 1,
                parameters=_parameters(parameters[0]) if parameters else (),
            )
        )
        if len(found) == MAX_SYMBOLS:
            break
    return tuple(sorted(found, key=lambda symbol: (symbol.line, -symbol.end_line)))


def _kind(node: Node, captured: SymbolKind) -> SymbolKind:
    """A function directly inside a class is a method."""
    if captured is not SymbolKind.FUNCTION:
        return captured
    outer = node.parent
    while outer is not None and outer.type in {"block", "decorated_definition"}:
        outer = outer.parent
    inside_class = outer is not None and outer.type == "class_definition"
    return SymbolKind.METHOD if inside_class else SymbolKind.FUNCTION


def _text(node: Node) -> str:
    return " ".join((node.text or b"").decode("utf-8", errors="replace").split())[:200]


def _parameters(node: Node) -> tuple[str, ...]:
    """The parameters' names as written: `self`, `*rest`, `{ id, name }`; separators left out."""
    if node.type == "identifier":
        return (_text(node),)
    written = [_text(child) for child in node.named_children if child.type != "comment"]
    return tuple(
        text if text.startswith(("{", "[")) else text.split(":")[0].split("=")[0].strip()
        for text in written
        if text not in {"*", "/"}
    )
