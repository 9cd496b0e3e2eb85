"""Which tests a Python file holds, told from its text alone, before any code of it has run.

Only what is certain counts: functions and methods that no decorator but a mark can replace, that
stand unconditionally in the file, and whose name nothing else takes. Of those, a runner that has
looked into the file must have something to say.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MARKS = ("pytest.mark.", "mark.")
# Marks that have a test run elsewhere, where nobody watches.
ELSEWHERE = frozenset({"forked"})


@dataclass(frozen=True)
class Held:
    """The tests that a file holds: their names, as the end of their node ids (`test_a`,
    `TestB::test_c`); the marks they carry; and the classes of tests that no runner can make, since
    they have a constructor."""

    names: tuple[str, ...] = ()
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unmade: tuple[str, ...] = ()


def expected_tests(source: str | bytes) -> tuple[str, ...]:
    """The names of the tests of a file."""
    return held_tests(source).names


def held_tests(source: str | bytes) -> Held:
    """All that is certain of the tests in a file; bytes are read in the encoding they declare.

    Nothing for what does not compile, and where a file says itself what is a test (`__test__`).
    """
    raw = source.encode() if isinstance(source, str) else source
    if b"__test__" in raw:
        return Held()
    try:
        tree = ast.parse(source)  # noqa: TID251 - alone, in the process of a test run
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Held()
    found = dict(in_module(tree))
    marks = {name: tuple(sorted(given)) for name, given in sorted(found.items()) if given}
    return Held(tuple(sorted(found)), marks, tuple(sorted(set(unmade_classes(tree)))))


def in_module(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """(name, marks) of each test that stands unconditionally in a module."""
    taken, everywhere = Counter(bound_names(tree.body)), assigned_marks(tree.body)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if is_plain_test(node) and taken[node.name] == 1:
                yield node.name, everywhere | marks_of(node)
        elif isinstance(node, ast.ClassDef) and taken[node.name] == 1 and is_test_class(node):
            shared = everywhere | marks_of(node) | assigned_marks(node.body)
            methods = Counter(bound_names(node.body))
            for method in node.body:
                if (
                    isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
                    and is_plain_test(method)
                    and methods[method.name] == 1
                ):
                    yield f"{node.name}::{method.name}", shared | marks_of(method)


def unmade_classes(tree: ast.Module) -> Iterator[str]:
    """Classes that are called like tests and hold some, but want arguments of their own."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.bases and not node.decorator_list:
            bound = set(bound_names(node.body))
            if {"__init__", "__new__"} & bound and any(name.startswith("test") for name in bound):
                yield node.name


def marks_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    return set(map(mark_name, filter(is_mark, node.decorator_list)))


def assigned_marks(body: list[ast.stmt]) -> set[str]:
    """The marks that `pytestmark = …` gives to all that stands in a block."""
    return {
        mark_name(one)
        for node in body
        if isinstance(node, ast.Assign)
        and any(isinstance(name, ast.Name) and name.id == "pytestmark" for name in node.targets)
        for one in (
            node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
        )
        if is_mark(one)
    }


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


def mark_name(node: ast.expr) -> str:
    return ast.unparse(node.func if isinstance(node, ast.Call) else node).rpartition(".")[2]
