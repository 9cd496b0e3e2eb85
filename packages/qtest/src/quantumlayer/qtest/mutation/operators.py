"""All mutations of a Python module: found over its syntax tree, made in its text."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from quantumlayer.manifests import python_tree
from quantumlayer.qtest.mutation.changes import SPOKEN, Change, changes_of
from quantumlayer.qtest.mutation.constants import bound_name, private_constants, readers_of
from quantumlayer.qtest.mutation.exclusions import is_bare, left_out
from quantumlayer.qtest.mutation.mutations import Mutation, Place, Scope, made
from quantumlayer.qtest.mutation.spans import Source

NOT_WORTH_IT = frozenset({"__repr__", "__hash__", "__main__", "__init_subclass__"})
PRAGMA = re.compile(r"#\s*pragma:\s*no (cover|mutate)")


def mutations_of(path: str, content: str, imported: Iterable[str] = ()) -> list[Mutation]:
    """Every mutation of a module, in the order of its text; none when it does not parse.

    `imported` are the names that other modules of the project import from this one.
    """
    tree = python_tree(content)
    if tree is None:
        return []
    source = Source(content.encode())
    walk = Walk(source, path, tree, private_constants(tree, frozenset(imported)))
    found = {(one.start, one.end, one.replacement): one for one in walk.block(tree.body, Scope())}
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.replacement))


class Walk:
    """One walk over one module."""

    def __init__(
        self, source: Source, path: str, tree: ast.Module, constants: frozenset[str]
    ) -> None:
        """`constants` are the names that may be bound anew after loading."""
        self.source = source
        self.path = path
        self.constants = constants
        self.readers = readers_of(tree)
        self.lines = source.content.decode().split("\n")

    def block(self, statements: Iterable[ast.stmt], scope: Scope) -> Iterator[Mutation]:
        for statement in statements:
            if not left_out(statement) and not self.is_excused(statement):
                yield from self.statement(statement, scope)

    def statement(self, node: ast.stmt, scope: Scope) -> Iterator[Mutation]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from self.function(node, scope)
            return
        if isinstance(node, ast.ClassDef):
            inner = replace(scope, owner=f"{scope.owner}{node.name}.")
            yield from self.expressions(node.decorator_list, scope, node)
            yield from self.block(node.body, inner)
            return
        here = self.within(node, scope)
        yield from self.made(changes_of(node, self.source), here)
        for field, value in ast.iter_fields(node):
            if field in {"annotation", "returns", "type_params"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.stmt):
                    yield from self.block([child], scope)
                elif isinstance(child, ast.ExceptHandler | ast.match_case):
                    if not self.is_excused(child):
                        yield from self.block(child.body, scope)
                elif isinstance(child, ast.AST):
                    yield from self.expression(child, here)

    def function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope
    ) -> Iterator[Mutation]:
        if node.name in NOT_WORTH_IT or is_bare(node):
            return
        inner = Scope(
            function=f"{scope.owner}{node.name}",
            owner=f"{scope.owner}{node.name}.<locals>.",
            about=((node.body[0].lineno, node.end_lineno or node.lineno),),
            place=Place.BODY,
            importance=scope.importance or importance_of(node),
        )
        outer = replace(scope, about=inner.about)
        defaults = [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        yield from self.expressions([*node.decorator_list, *defaults], outer, node)
        yield from self.block(node.body, inner)

    def expressions(
        self, nodes: Iterable[ast.expr], scope: Scope, owner: ast.stmt
    ) -> Iterator[Mutation]:
        """Decorators and defaults: they run when their function or class is made."""
        words = getattr(owner, "name", "")
        for node in nodes:
            lines = (node.lineno, node.end_lineno or node.lineno)
            here = replace(scope, lines=lines, name=words)
            yield from self.expression(node, here)

    def expression(self, node: ast.AST, scope: Scope) -> Iterator[Mutation]:
        yield from self.made(changes_of(node, self.source), scope)
        for field, child in ast.iter_fields(node):
            for each in child if isinstance(child, list) else [child]:
                if not isinstance(each, ast.AST) or field in {"annotation", "format_spec"}:
                    continue
                if isinstance(each, ast.keyword) and (each.arg or "").lower() in SPOKEN:
                    continue
                yield from self.expression(each, scope)

    def is_excused(self, node: ast.AST) -> bool:
        """Whether a comment at its head leaves a statement, and all that is in it, out."""
        line = getattr(node, "lineno", 0)
        return line > 0 and PRAGMA.search(self.lines[line - 1]) is not None

    def within(self, node: ast.stmt, scope: Scope) -> Scope:
        """The scope of a statement's own expressions: of a block, those of its head."""
        body = getattr(node, "body", None)
        last = node.end_lineno or node.lineno
        if isinstance(body, list) and body:
            last = max(node.lineno, body[0].lineno - 1)
        here = replace(scope, lines=(node.lineno, last))
        if scope.place is Place.LOADING:
            name = bound_name(node) if not scope.owner else ""
            place = Place.CONSTANT if name in self.constants else Place.LOADING
            target = getattr(node, "target", None)
            words = name or (target.id if isinstance(target, ast.Name) else "")
            return replace(here, place=place, name=words, about=self.readers.get(name, ()))
        return here

    def made(self, changes: Iterable[Change], scope: Scope) -> Iterator[Mutation]:
        for change in changes:
            mutation = made(self.path, self.source, change, scope)
            if mutation and not PRAGMA.search(self.lines[mutation.line - 1]):
                yield mutation


def importance_of(node: ast.AST) -> int:
    """How much a function decides: its branches, refusals, loops and queries."""
    deciding = (
        ast.If, ast.IfExp, ast.While, ast.For, ast.Raise, ast.BoolOp, ast.Compare,
        ast.comprehension, ast.ExceptHandler, ast.match_case,
    )  # fmt: skip
    return sum(isinstance(one, deciding) for one in ast.walk(node))
