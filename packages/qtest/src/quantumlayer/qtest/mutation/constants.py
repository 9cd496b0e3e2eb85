"""Which names a module binds once, so that they can be bound anew when it has been loaded."""

import ast
import re

from quantumlayer.manifests import python_tree


def bound_name(node: ast.stmt) -> str:
    """The one name that a statement binds, or nothing."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def private_constants(tree: ast.Module, imported: frozenset[str]) -> frozenset[str]:
    """The module's names that are bound once and read by its functions alone, while they run."""
    bound = [name for node in tree.body if (name := bound_name(node))]
    early: set[str] = set()
    for node in tree.body:
        early |= names_while_loading(node)
    return frozenset(
        name
        for name in bound
        if bound.count(name) == 1 and name not in early and name not in imported
    )


def readers_of(tree: ast.Module) -> dict[str, tuple[tuple[int, int], ...]]:
    """For each name, the first and last line of the body of each function that reads it."""
    found: dict[str, list[tuple[int, int]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.body[0].lineno, node.end_lineno or node.lineno)
            names = {one.id for part in node.body for one in ast.walk(part)
                     if isinstance(one, ast.Name)}  # fmt: skip
            for name in names:
                found.setdefault(name, []).append(lines)
    return {name: tuple(lines) for name, lines in found.items()}


def names_of_others(content: str) -> frozenset[str]:
    """The names that a module takes from others while it loads, so that they must not change."""
    tree = python_tree(content)
    if tree is None:
        return frozenset()
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    found = {alias.name for node in imports for alias in node.names}
    return frozenset(found | names_while_loading(tree))


def names_while_loading(node: ast.AST) -> set[str]:
    """The names that are read when a statement of the module itself runs."""
    found: set[str] = set()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        arguments = node.args
        parts: list[ast.AST | None] = [*arguments.defaults, *arguments.kw_defaults]
        if not isinstance(node, ast.Lambda):
            parts += [*node.decorator_list, node.returns]
            parts += [one.annotation for one in ast.walk(arguments) if isinstance(one, ast.arg)]
        for part in parts:
            found |= names_while_loading(part) if part is not None else set()
        return found
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        found.add(node.id)
    if isinstance(node, ast.Attribute):
        found.add(node.attr)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        found |= set(re.findall(r"\w+", node.value)) if len(node.value) < 80 else set()
    for child in ast.iter_child_nodes(node):
        found |= names_while_loading(child)
    return found
