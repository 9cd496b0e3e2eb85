"""Finds the imports of a parsed file, without walking the whole tree."""

import re
from collections.abc import Callable, Iterator

from tree_sitter import Node

from quantumlayer.parser.module_use import ModuleUse
from quantumlayer.parser.occurrences import occurrences

MAX_USES = 5_000
_MAX_CLIMB = 100
_SCRIPT = re.compile(rb"(?<![\w$.])(import|require|export)(?![\w$])")
_CATCHES = re.compile(r"\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b")
_CONDITION = re.compile(
    r"TYPE_CHECKING|sys\.version_info|sys\.platform|os\.name|platform\.|find_spec|PY[23]\b|six\."
)


def module_uses(language: str, root: Node, data: bytes) -> tuple[ModuleUse, ...]:
    """The imports of a file in its order; none for languages whose imports are not known."""
    find = _FINDERS.get(language)
    if find is None:
        return ()
    found = []
    for use in find(root, data):
        found.append(use)
        if len(found) == MAX_USES:
            break
    return tuple(found)


def _text(node: Node | None) -> str:
    return "" if node is None else (node.text or b"").decode("utf-8", errors="replace")


def _enclosing(node: Node | None, types: frozenset[str], levels: int) -> Node | None:
    for _ in range(levels):
        if node is None or node.type in types:
            return node
        node = node.parent
    return None


def _use(node: Node, module: str, names: tuple[str, ...] = (), *, optional: bool) -> ModuleUse:
    row, column = node.start_point
    return ModuleUse(
        module=module[:300], line=row + 1, column=column + 1, names=names, optional=optional
    )


_STATEMENTS = frozenset({"import_statement", "import_from_statement"})


def _python(root: Node, data: bytes) -> Iterator[ModuleUse]:
    seen = set()
    for start, end in occurrences(data, b"import"):
        node = _enclosing(root.named_descendant_for_byte_range(start, end), _STATEMENTS, 3)
        if node is None or node.start_byte in seen:
            continue
        seen.add(node.start_byte)
        optional = _python_optional(node)
        names = [
            _text(one.child_by_field_name("name") if one.type == "aliased_import" else one)
            for one in node.children_by_field_name("name")
        ]
        if node.type == "import_from_statement":
            module = "".join(_text(node.child_by_field_name("module_name")).split())
            yield _use(node, module, tuple(names), optional=optional)
        else:
            for name in names:
                yield _use(node, "".join(name.split()), optional=optional)


def _python_optional(node: Node) -> bool:
    inner, outer = node, node.parent
    for _ in range(_MAX_CLIMB):
        if outer is None:
            break
        if outer.type == "try_statement" and inner.type != "finally_clause":
            caught = [one for one in outer.named_children if one.type == "except_clause"]
            if any(_catches(one) for one in caught):
                return True
        if outer.type in {"if_statement", "elif_clause"} or inner.type == "else_clause":
            condition = outer.child_by_field_name("condition")
            if _CONDITION.search(_text(condition)):
                return True
        inner, outer = outer, outer.parent
    return False


def _catches(clause: Node) -> bool:
    head = _text(clause).split(":", 1)[0]
    return head.strip() == "except" or _CATCHES.search(head) is not None


_SCRIPT_TYPES = frozenset({"import_statement", "export_statement", "call_expression"})


def _script(root: Node, data: bytes) -> Iterator[ModuleUse]:
    for hit in _SCRIPT.finditer(data):
        node = root.named_descendant_for_byte_range(hit.start(1), hit.end(1))
        node = _enclosing(node, _SCRIPT_TYPES, 3)
        if node is None or node.start_byte != hit.start(1):
            continue
        if node.type == "call_expression":
            given = node.child_by_field_name("arguments")
            first = given.named_children[0] if given is not None and given.named_children else None
            source = first if first is not None and first.type == "string" else None
        else:
            source = node.child_by_field_name("source")
        if source is not None:
            yield _use(node, _text(source)[1:-1], optional=_script_optional(node))


def _script_optional(node: Node) -> bool:
    if _text(node).startswith("import type "):
        return True
    return _enclosing(node.parent, frozenset({"try_statement"}), _MAX_CLIMB) is not None


def _go(root: Node, data: bytes) -> Iterator[ModuleUse]:
    del data
    pending = [child for child in root.children if child.type == "import_declaration"]
    while pending:
        node = pending.pop(0)
        if node.type == "import_spec":
            module = _text(node.child_by_field_name("path"))[1:-1]
            yield _use(node, module, optional=module == "C")
        else:
            pending = [*node.named_children, *pending]


_FINDERS: dict[str, Callable[[Node, bytes], Iterator[ModuleUse]]] = {
    "python": _python,
    "javascript": _script,
    "typescript": _script,
    "tsx": _script,
    "go": _go,
}
