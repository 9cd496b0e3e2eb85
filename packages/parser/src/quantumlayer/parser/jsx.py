"""JavaScript with JSX as plain JavaScript of the same length, so that Node can be asked about it.

Each outermost element becomes an array of calls: names and text are blanked, and what stands in
braces stays where it is, in parentheses. Lines and columns are those of the source.
"""

from tree_sitter import Node, Tree

_ELEMENTS = frozenset({"jsx_element", "jsx_self_closing_element", "jsx_fragment"})
_IN_BRACES = "jsx_expression"
_NOT_PLAIN = frozenset({*_ELEMENTS, "decorator"})
_SPACE = ord(" ")
_KEPT = frozenset(b"\n\r")


def plain(tree: Tree, data: bytes) -> bytes | None:
    """The source without elements and decorators; None where it holds neither."""
    text = bytearray(data)
    pending = [tree.root_node]
    found = False
    while pending:
        node = pending.pop()
        if node.type in _NOT_PLAIN:
            found = True
            pending += _blanked(node, text)
        else:
            pending += node.children
    return bytes(text) if found else None


def _blanked(outermost: Node, text: bytearray) -> list[Node]:
    """Blank an element or a decorator; the nodes in its braces, which are yet to be looked at."""
    braces = _braces(outermost)
    start, end = outermost.start_byte, outermost.end_byte
    kept = [(node.start_byte, node.end_byte) for node in braces]
    place = start
    for first, last in [*kept, (end, end)]:
        _blank(text, place, first)
        place = last
    inner: list[Node] = []
    for node in braces:
        inner += _opened(node, text)
    if outermost.type in _ELEMENTS:
        text[start : start + 1] = b"["
        text[end - 1 : end] = b"]"
    return inner


def _braces(element: Node) -> list[Node]:
    """What stands in braces, of this element and of those that it holds, in order."""
    if element.type not in _ELEMENTS:
        return []
    found: list[Node] = []
    pending = [element]
    while pending:
        node = pending.pop()
        if node.type == _IN_BRACES:
            found.append(node)
        else:
            pending.extend(reversed(node.children))
    return found


def _opened(node: Node, text: bytearray) -> list[Node]:
    """Braces as parentheses; nothing where only a comment is in them."""
    inside = [child for child in node.named_children if child.type != "comment"]
    if not inside:
        _blank(text, node.start_byte, node.end_byte)
        return []
    text[node.start_byte : node.start_byte + 1] = b"("
    text[node.end_byte - 1 : node.end_byte] = b")"
    for child in inside:
        if child.type == "spread_element":
            _blank(text, child.start_byte, child.start_byte + len(b"..."))
    return inside


def _blank(text: bytearray, first: int, last: int) -> None:
    for place in range(first, last):
        if text[place] not in _KEPT:
            text[place] = _SPACE
