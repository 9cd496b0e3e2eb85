"""Which tests a Python file holds, told from its text alone, before any code of it has run.

Only what is certain counts: functions and methods that no decorator but a mark can replace, that
stand unconditionally in the file, and whose name nothing else takes. Of those, a runner that has
looked into the file must have something to say.
"""

import ast
from collections import Counter
from collections.abc import Iterator

MARKS = ("pytest.mark.", "mark.")
# Marks that have a test run elsewhere, where nobody watches.
ELSEWHERE = frozenset({"forked"})


def expected_tests(source: str) -> tuple[str, ...]:
    """The names of the tests, as the end of their node ids: `test_a`, `TestB::test_c`.

    Empty for what does not compile, and for files that say themselves what is a test (`__test__`).
    """
    if "__test__" in source:
        return ()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(sorted(set(in_module(tree))))


def in_module(tree: ast.Module) -> Iterator[str]:
    taken = Counter(bound_names(tree.body))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if is_plain_test(node) and taken[node.name] == 1:
                yield node.name
        elif isinstance(node, ast.ClassDef) and taken[node.name] == 1 and is_test_class(node):
            methods = Counter(bound_names(node.body))
            for method in node.body:
                if (
                    isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
                    and is_plain_test(method)
                    and methods[method.name] == 1
                ):
                    yield f"{node.name}::{method.name}"


def bound_names(body: list[ast.stmt]) -> Iterator[str]:
    """Every name that a block binds or deletes, however deep in its conditions."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        if isinstance(node, ast.alias):
            yield node.asname or node.name
        pending.extend(ast.iter_child_nodes(node))


def is_plain_test(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return node.name.startswith("test") and all(map(is_mark, node.decorator_list))


def is_test_class(node: ast.ClassDef) -> bool:
    """A class that pytest collects: by its name and without a constructor, or a unittest.TestCase
    by its base's name."""
    if not all(map(is_mark, node.decorator_list)) or node.keywords:
        return False
    if any(ast.unparse(base).endswith("TestCase") for base in node.bases):
        return True
    constructors = {"__init__", "__new__"} & set(bound_names(node.body))
    return node.name.startswith("Test") and not constructors and not node.bases


def is_mark(node: ast.expr) -> bool:
    name = ast.unparse(node.func if isinstance(node, ast.Call) else node)
    return name.startswith(MARKS) and name.rpartition(".")[2] not in ELSEWHERE
