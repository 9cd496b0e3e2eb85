"""Names as the rules know them: what an import brings in, and a callee without its disguise."""

import re
from collections.abc import Iterator
from functools import cache

from tree_sitter import Node

_MAX_NAME = 300
_SPACES = re.compile(r"\s+")
_PYTHON_IMPORT = re.compile(rb"(?m)^[ \t]*(?:from|import)\b")
_SCRIPT_IMPORT = re.compile(rb"(?<![\w$.])(?:import|require)(?![\w$])")


def text_of(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", errors="replace")


def imported(language: str, root: Node, data: bytes) -> dict[str, str]:
    """Local name → what it stands for: `{"md5": "hashlib.md5", "cp": "child_process"}`."""
    if language == "python":
        return dict(_python(root, data))
    if language in {"javascript", "typescript", "tsx"}:
        return dict(_script(root, data))
    if language == "go":
        return dict(_go(root))
    return {}


def _statement(root: Node, start: int, end: int, types: frozenset[str]) -> Node | None:
    node = root.named_descendant_for_byte_range(start, end)
    for _ in range(4):
        if node is None or node.type in types:
            return node
        node = node.parent
    return None


_PYTHON_TYPES = frozenset({"import_statement", "import_from_statement"})


def _python(root: Node, data: bytes) -> Iterator[tuple[str, str]]:
    for hit in _PYTHON_IMPORT.finditer(data):
        word = len(hit[0].strip())
        node = _statement(root, hit.end() - word, hit.end(), _PYTHON_TYPES)
        if node is None:
            continue
        source = node.child_by_field_name("module_name")
        prefix = "" if source is None else text_of(source) + "."
        for name in node.children_by_field_name("name"):
            plain, alias = name, None
            if name.type == "aliased_import":
                plain = name.child_by_field_name("name") or name
                alias = name.child_by_field_name("alias")
            written = text_of(plain)
            if alias is not None:
                yield text_of(alias), prefix + written
            elif prefix:
                yield written, prefix + written
            else:
                head = written.split(".")[0]
                yield head, head


_SCRIPT_TYPES = frozenset({"import_statement", "variable_declarator"})


def _script(root: Node, data: bytes) -> Iterator[tuple[str, str]]:
    for hit in _SCRIPT_IMPORT.finditer(data):
        node = _statement(root, hit.start(), hit.end(), _SCRIPT_TYPES)
        if node is None:
            continue
        if node.type == "import_statement":
            yield from _script_import(node)
        else:
            yield from _require(node)


def _module(node: Node | None) -> str | None:
    if node is None or node.type != "string":
        return None
    return text_of(node)[1:-1].removeprefix("node:")


def _script_import(node: Node) -> Iterator[tuple[str, str]]:
    module = _module(node.child_by_field_name("source"))
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    if module is None or clause is None:
        return
    for part in clause.named_children:
        if part.type == "identifier":
            yield text_of(part), module
        elif part.type == "namespace_import":
            yield text_of(part.named_children[0]), module
        elif part.type == "named_imports":
            for one in part.named_children:
                name = one.child_by_field_name("name")
                alias = one.child_by_field_name("alias") or name
                if name is not None and alias is not None:
                    yield text_of(alias), f"{module}.{text_of(name)}"


def _require(node: Node) -> Iterator[tuple[str, str]]:
    target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    member = ""
    if value is not None and value.type == "member_expression":
        found = value.child_by_field_name("property")
        member = "" if found is None else "." + text_of(found)
        value = value.child_by_field_name("object")
    if value is not None and value.type == "await_expression":
        value = value.named_children[0] if value.named_children else None
    module = _required(value)
    if target is None or module is None:
        return
    if target.type == "identifier":
        yield text_of(target), module + member
    elif target.type == "object_pattern":
        yield from ((local, f"{module}.{key}") for local, key in _unpacked(target))


def _required(call: Node | None) -> str | None:
    """The module of `require("module")` or `import("module")`."""
    if call is None or call.type != "call_expression":
        return None
    called, arguments = (call.child_by_field_name(name) for name in ("function", "arguments"))
    if called is None or arguments is None or text_of(called) not in {"require", "import"}:
        return None
    given = arguments.named_children
    return _module(given[0]) if given else None


def _unpacked(pattern: Node) -> Iterator[tuple[str, str]]:
    """Local name and key of each part of `{ a, b: c }`."""
    for part in pattern.named_children:
        if part.type == "shorthand_property_identifier_pattern":
            yield text_of(part), text_of(part)
        elif part.type == "pair_pattern" and len(part.named_children) == 2:
            key, local = part.named_children
            yield text_of(local), text_of(key)


def _go(root: Node) -> Iterator[tuple[str, str]]:
    pending = [child for child in root.children if child.type == "import_declaration"]
    while pending:
        node = pending.pop()
        if node.type != "import_spec":
            pending += node.named_children
            continue
        path, alias = node.child_by_field_name("path"), node.child_by_field_name("name")
        if path is not None:
            module = text_of(path)[1:-1]
            last = module.rsplit("/", 1)[-1]
            if re.fullmatch(r"v\d+", last):
                last = module.rsplit("/", 2)[-2]
            yield (last if alias is None else text_of(alias)), module


def plain(written: str) -> str:
    """A name without spaces, optional chaining and what is passed on the way.

    `Runtime.getRuntime().exec` → `Runtime.getRuntime.exec`, `a?.b!["c"]` → `a.b.c`.
    """
    kept, depth = [], 0
    for char in _SPACES.sub("", written[:_MAX_NAME]):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and char not in "?!":
            kept.append(char)
    return "".join(kept)


def canonical(written: str, imports: dict[str, str]) -> str:
    """A name with its first part replaced by what was imported under it."""
    name = plain(written)
    head, dot, rest = name.partition(".")
    return imports.get(head, head) + dot + rest


@cache
def globs(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for names that fit one of the globs; `*.` also fits nothing."""
    parts = []
    for pattern in patterns:
        optional = pattern.startswith("*.")
        body = re.escape(pattern.removeprefix("*.")).replace(r"\*", ".*")
        parts.append((r"(?:.*\.)?" if optional else "") + body)
    return re.compile("|".join(parts) or r"(?!)")
