"""Which small changes a piece of syntax can suffer: pure tables and functions, a node at a time."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from quantumlayer.qtest.mutation.spans import Source, Span


@dataclass(frozen=True)
class Change:
    """A piece of source, what stands there instead, and by which operator.

    `weight` is how much a test suite that does not notice it should worry: 3 for what decides
    something, 1 for what decorates.
    """

    span: Span
    after: str
    operator: str
    weight: int
    statement: bool = False


COMPARISONS: dict[type[ast.cmpop], tuple[str, str, str]] = {
    ast.Lt: (r"<", "<=", "boundary"),
    ast.LtE: (r"<=", "<", "boundary"),
    ast.Gt: (r">", ">=", "boundary"),
    ast.GtE: (r">=", ">", "boundary"),
    ast.Eq: (r"==", "!=", "comparison"),
    ast.NotEq: (r"!=", "==", "comparison"),
    ast.Is: (r"\bis\b", "is not", "comparison"),
    ast.IsNot: (r"\bis\s+not\b", "is", "comparison"),
    ast.In: (r"\bin\b", "not in", "comparison"),
    ast.NotIn: (r"\bnot\s+in\b", "in", "comparison"),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
}
CALLS = {
    "min": "max", "max": "min", "any": "all", "all": "any", "startswith": "endswith",
    "endswith": "startswith", "upper": "lower", "lower": "upper", "ceil": "floor",
    "floor": "ceil", "lstrip": "rstrip", "rstrip": "lstrip",
}  # fmt: skip
# Words for people, and settings that no test should have to pin.
SPOKEN = frozenset({
    "description", "examples", "example", "title", "summary", "tags", "help", "version", "metavar",
    "prog", "epilog", "responses", "msg", "message", "detail", "stacklevel", "maxsize", "indent",
    "encoding", "errors", "chunk_size", "buffering", "timeout", "check_same_thread", "exist_ok",
    "parents", "daemon", "frozen", "slots", "kw_only", "json_schema_extra", "repr", "strict",
    "name",
})  # fmt: skip
SQL = re.compile(r"\b(SELECT|UPDATE|DELETE FROM|WHERE)\b|\"\s*[<>=]+\s*:\w+")
SQL_CHANGES = (
    (re.compile(r"(?<![<>=!])<=(?!=)"), "<"),
    (re.compile(r"(?<![<>=!])>=(?!=)"), ">"),
    (re.compile(r"(?<![<>=!])<(?![<>=])"), "<="),
    (re.compile(r"(?<![<>=!])>(?![<>=])"), ">="),
    (re.compile(r"<>|!="), "="),
    (re.compile(r"\bIS NOT NULL\b"), "IS NULL"),
    (re.compile(r"\bIS NULL\b"), "IS NOT NULL"),
    (re.compile(r"\bAND\b"), "OR"),
    (re.compile(r"\bNOT EXISTS\b"), "EXISTS"),
)


def changes_of(node: ast.AST, source: Source) -> Iterator[Change]:
    """Every change of one node itself, not of what is in it."""
    find = FINDERS.get(type(node))
    if find is not None:
        yield from find(node, source)


def comparison_changes(node: ast.Compare, source: Source) -> Iterator[Change]:
    left = node.left
    for operation, right in zip(node.ops, node.comparators, strict=True):
        pattern, instead, name = COMPARISONS[type(operation)]
        between = Span(source.span(left).end, source.span(right).start)
        if found := sign_in(pattern, between, source):
            yield Change(found, instead, name, 3)
        left = right


def logic_changes(node: ast.BoolOp, source: Source) -> Iterator[Change]:
    is_and = isinstance(node.op, ast.And)
    pattern, instead = (r"\band\b", "or") if is_and else (r"\bor\b", "and")
    for left, right in zip(node.values, node.values[1:], strict=False):
        between = Span(source.span(left).end, source.span(right).start)
        if found := sign_in(pattern, between, source):
            yield Change(found, instead, "logic", 3)


def arithmetic_changes(node: ast.BinOp, source: Source) -> Iterator[Change]:
    if type(node.op) not in ARITHMETIC or is_text(node.left) or is_text(node.right):
        return
    if isinstance(node.op, ast.BitOr) and (is_type(node.left) or is_type(node.right)):
        return
    sign, instead = ARITHMETIC[type(node.op)]
    between = Span(source.span(node.left).end, source.span(node.right).start)
    if found := sign_in(re.escape(sign), between, source):
        yield Change(found, instead, "arithmetic", 3)


def augmented_changes(node: ast.AugAssign, source: Source) -> Iterator[Change]:
    if type(node.op) not in ARITHMETIC or is_text(node.value):
        return
    sign, instead = ARITHMETIC[type(node.op)]
    between = Span(source.span(node.target).end, source.span(node.value).start)
    if found := sign_in(re.escape(f"{sign}="), between, source):
        yield Change(found, f"{instead}=", "arithmetic", 3)


def unary_changes(node: ast.UnaryOp, source: Source) -> Iterator[Change]:
    inner = node.operand
    if isinstance(node.op, ast.Not):
        yield Change(source.span(node), bracketed(source, inner), "negation", 3)
    elif isinstance(node.op, ast.USub) and not is_number(inner, 0):
        yield Change(source.span(node), bracketed(source, inner), "sign", 3)


def head_changes(node: ast.If | ast.While | ast.IfExp, source: Source) -> Iterator[Change]:
    yield from condition_changes(node.test, source)


def filter_changes(node: ast.comprehension, source: Source) -> Iterator[Change]:
    for condition in node.ifs:
        yield from condition_changes(condition, source)


def condition_changes(test: ast.expr, source: Source) -> Iterator[Change]:
    """The opposite of a bare condition; comparisons have changes of their own."""
    if isinstance(test, ast.Name | ast.Call | ast.Attribute | ast.Subscript | ast.NamedExpr):
        yield Change(source.span(test), f"not {bracketed(source, test)}", "condition", 3)


def constant_changes(node: ast.Constant, source: Source) -> Iterator[Change]:
    span = source.span(node)
    match node.value:
        case bool():
            yield Change(span, str(not node.value), "constant", 2)
        case int() | float():
            yield Change(span, repr(node.value + 1), "constant", 2)
        case str():
            yield from query_changes(span, source)


def text_changes(node: ast.JoinedStr, source: Source) -> Iterator[Change]:
    yield from query_changes(source.span(node), source)


def query_changes(span: Span, source: Source) -> Iterator[Change]:
    """Changes inside of a query: what it asks for is decided in there."""
    text = source.text(span)
    if not SQL.search(text):
        return
    for pattern, instead in SQL_CHANGES:
        for found in pattern.finditer(text):
            start = span.start + len(text[: found.start()].encode())
            yield Change(Span(start, start + len(found[0].encode())), instead, "query", 3)


def call_changes(node: ast.Call, source: Source) -> Iterator[Change]:
    function = node.func
    if isinstance(function, ast.Name) and function.id in CALLS and node.args:
        yield Change(source.span(function), CALLS[function.id], "call", 3)
    if isinstance(function, ast.Attribute) and function.attr in CALLS:
        end = source.span(function).end
        start = end - len(function.attr)
        yield Change(Span(start, end), CALLS[function.attr], "call", 2)


def return_changes(node: ast.Return, source: Source) -> Iterator[Change]:
    value = node.value
    if value is None or isinstance(value, ast.Constant):
        return  # constants have changes of their own, and None is None
    if isinstance(value, ast.Compare | ast.BoolOp) or (
        isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
    ):
        return
    yield Change(source.span(value), "None", "return value", 2)


def raise_changes(node: ast.Raise, source: Source) -> Iterator[Change]:
    yield Change(source.span(node), "pass", "raise removed", 3, statement=True)


def statement_changes(node: ast.Expr, source: Source) -> Iterator[Change]:
    called = node.value.value if isinstance(node.value, ast.Await) else node.value
    if isinstance(called, ast.Call):
        yield Change(source.span(node), "pass", "call removed", 2, statement=True)


def loop_changes(node: ast.Break | ast.Continue, source: Source) -> Iterator[Change]:
    instead = "continue" if isinstance(node, ast.Break) else "break"
    yield Change(source.span(node), instead, "loop", 2, statement=True)


def assignment_changes(node: ast.Assign, source: Source) -> Iterator[Change]:
    if len(node.targets) == 1 and isinstance(node.targets[0], ast.Attribute | ast.Subscript):
        yield Change(source.span(node), "pass", "assignment removed", 2, statement=True)


FINDERS: dict[type[ast.AST], Callable[[Any, Source], Iterator[Change]]] = {
    ast.Compare: comparison_changes,
    ast.BoolOp: logic_changes,
    ast.BinOp: arithmetic_changes,
    ast.AugAssign: augmented_changes,
    ast.UnaryOp: unary_changes,
    ast.If: head_changes,
    ast.While: head_changes,
    ast.IfExp: head_changes,
    ast.comprehension: filter_changes,
    ast.Constant: constant_changes,
    ast.JoinedStr: text_changes,
    ast.Call: call_changes,
    ast.Return: return_changes,
    ast.Raise: raise_changes,
    ast.Expr: statement_changes,
    ast.Break: loop_changes,
    ast.Continue: loop_changes,
    ast.Assign: assignment_changes,
}


def sign_in(pattern: str, between: Span, source: Source) -> Span | None:
    """Where a sign stands between two operands; comments there are skipped."""
    text = re.sub(r"#[^\n]*", lambda found: " " * len(found[0].encode()), source.text(between))
    found = re.search(pattern, text)
    if found is None:
        return None
    start = between.start + len(text[: found.start()].encode())
    return Span(start, start + len(found[0].encode()))


def bracketed(source: Source, node: ast.expr) -> str:
    text = source.text(source.span(node))
    return text if isinstance(node, ast.Name | ast.Call | ast.Attribute) else f"({text})"


def is_number(node: ast.expr, value: float) -> bool:
    return isinstance(node, ast.Constant) and node.value == value and node.value is not False


def is_text(node: ast.expr) -> bool:
    """Whether an operand shows that this is no arithmetic: changing it would fail at once."""
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def is_type(node: ast.expr) -> bool:
    """Whether an operand of `|` is a type."""
    if isinstance(node, ast.Constant) and node.value is None:
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return is_type(node.left) or is_type(node.right)
    name = node.value if isinstance(node, ast.Subscript) else node
    word = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
    return word in TYPES or bool(re.match(r"_?[A-Z][a-z]", word))


TYPES = frozenset({"int", "str", "float", "bool", "bytes", "list", "dict", "tuple", "set", "type"})
