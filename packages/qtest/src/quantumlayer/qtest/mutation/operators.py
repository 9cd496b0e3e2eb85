"""All mutations of a Python module: found over its syntax tree, made in its text."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from quantumlayer.manifests import python_tree
from quantumlayer.qtest.mutation.changes import SPOKEN, Change, changes_of
from quantumlayer.qtest.mutation.constants import bound_name, private_constants, readers_of
from quantumlayer.qtest.mutation.exclusions import is_bare, left_out
from quantumlayer.qtest.mutation.spans import Source, Span, shown, with_lines_of

NOT_WORTH_IT = frozenset({"__repr__", "__hash__", "__main__", "__init_subclass__"})
PRAGMA = re.compile(r"#\s*pragma:\s*no (cover|mutate)")


class Place(StrEnum):
    """When the changed code runs, which decides how a mutation can be tried.

    `body`: whenever its function is called. `constant`: once, to bind a name that only functions of
    the module read. `loading`: once, while the module loads, with effects all over.
    """

    BODY = "body"
    CONSTANT = "constant"
    LOADING = "loading"


@dataclass(frozen=True)
class Mutation:
    """One change of one module.

    `start` and `end` are bytes of the source, replaced by `replacement`. `first_line` to
    `last_line` is what has to run for the change to matter. `function` is the qualified name of
    the function around it, empty outside of functions, `owner` the outermost class or function.
    `about` are the lines, first and last, of the code that it concerns: the body of the function,
    or of those that read the constant; none where that cannot be said. `words` are what it and its
    place are called.
    """

    path: str
    start: int
    end: int
    replacement: str
    operator: str
    line: int
    column: int
    before: str
    after: str
    first_line: int
    last_line: int
    function: str
    owner: str
    about: tuple[tuple[int, int], ...]
    place: Place
    name: str
    weight: int
    importance: int
    words: frozenset[str]
    serves: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scope:
    """Where the walk is."""

    function: str = ""
    owner: str = ""
    about: tuple[tuple[int, int], ...] = ()
    statement: ast.stmt | None = None
    lines: tuple[int, int] = (0, 0)
    place: Place = Place.LOADING
    name: str = ""
    importance: int = 0


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
            here = replace(scope, statement=owner, lines=lines, name=words)
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
        here = replace(scope, statement=node, lines=(node.lineno, last))
        if scope.place is Place.LOADING:
            name = bound_name(node) if not scope.owner else ""
            place = Place.CONSTANT if name in self.constants else Place.LOADING
            target = getattr(node, "target", None)
            words = name or (target.id if isinstance(target, ast.Name) else "")
            return replace(here, place=place, name=words, about=self.readers.get(name, ()))
        return here

    def made(self, changes: Iterable[Change], scope: Scope) -> Iterator[Mutation]:
        for change in changes:
            before = self.source.text(change.span)
            after = with_lines_of(before, change.after, statement=change.statement)
            line, column = self.source.place(change.span.start)
            if scope.statement is None or before == after or PRAGMA.search(self.lines[line - 1]):
                continue
            seen = self.shown_change(change.span, change.after, whole=change.statement)
            yield Mutation(
                path=self.path,
                start=change.span.start,
                end=change.span.end,
                replacement=after,
                operator=change.operator,
                line=line,
                column=column,
                before=seen["before"],
                after=seen["after"],
                first_line=scope.lines[0],
                last_line=scope.lines[1],
                function=scope.function,
                owner=scope.owner.partition(".")[0],
                about=scope.about,
                place=scope.place,
                name=scope.name,
                weight=change.weight,
                importance=scope.importance,
                words=words_in(f"{self.path} {scope.function} {scope.owner} {scope.name}"),
            )

    def shown_change(self, span: Span, after: str, *, whole: bool) -> dict[str, str]:
        """Both sides as people read them: the change with the line around it."""
        if whole:
            return {"before": shown(self.source.text(span)), "after": after}
        first = self.source.content.rfind(b"\n", 0, span.start) + 1
        end = self.source.content.find(b"\n", span.end)
        around = Span(first, end if end >= 0 else len(self.source.content))
        head = self.source.text(Span(around.start, span.start))
        tail = self.source.text(Span(span.end, around.end))
        middle = self.source.text(span)
        return {"before": shown(head + middle + tail), "after": shown(head + after + tail)}


def importance_of(node: ast.AST) -> int:
    """How much a function decides: its branches, refusals, loops and queries."""
    deciding = (
        ast.If, ast.IfExp, ast.While, ast.For, ast.Raise, ast.BoolOp, ast.Compare,
        ast.comprehension, ast.ExceptHandler, ast.match_case,
    )  # fmt: skip
    return sum(isinstance(one, deciding) for one in ast.walk(node))


def words_in(text: str) -> frozenset[str]:
    """The words of identifiers and paths, in lower case, without a plural's end."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", text)
    return frozenset(word.lower().rstrip("s") or word.lower() for word in parts) - {"py", "local"}


def mutated(content: bytes, mutation: Mutation) -> bytes:
    """The whole module with the change made."""
    head, tail = content[: mutation.start], content[mutation.end :]
    return head + mutation.replacement.encode() + tail
