"""Trees, and the places in them that do not fit the grammar.

Runs in a worker process. Trees are walked with cursors, never by recursion: sources may nest
deeper than the interpreter's stack.
"""

from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node, Tree

from quantumlayer.parser.excerpt import excerpt
from quantumlayer.parser.grammars import parser
from quantumlayer.parser.languages import LANGUAGES
from quantumlayer.parser.model import SyntaxProblem
from quantumlayer.parser.preprocessing import configurations

MAX_PROBLEMS = 20
_MOST_ERRORS = 1_000


def parse(language: str, data: bytes, old: Tree | None = None) -> Tree:
    """`data` as a tree of `language`; may hang, so only ever under a limit that kills.

    `old` is an edited tree of an earlier version, whose unchanged parts are taken over.
    """
    # Some grammars call a last line without its end an error.
    whole = data if data.endswith(b"\n") else data + b"\n"
    grammars = parser(LANGUAGES[language].grammar)
    return grammars.parse(whole) if old is None else grammars.parse(whole, old)


def as_compiled(language: str, tree: Tree, data: bytes) -> tuple[Tree, tuple[Tree, ...]]:
    """The tree that fits best, and those of other readings of the same text, for what only they
    have.

    A text that does not fit as it is written may fit as a preprocessor leaves it.
    """
    row = LANGUAGES[language]
    if not row.preprocessed or not tree.root_node.has_error:
        return tree, ()
    plain = row.name in ("c", "objc")
    others = [parse(language, shown) for shown in configurations(data, blocks=plain)]
    wrong = [_errors(each) for each in (tree, *others)]
    if not others or min(wrong[1:]) >= wrong[0]:
        return tree, ()
    best = min(others, key=lambda each: wrong[1 + others.index(each)])
    return best, tuple(each for each in others if each is not best)


def _errors(tree: Tree) -> int:
    return sum(1 for _ in islice(_error_nodes(tree.root_node), _MOST_ERRORS))


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
