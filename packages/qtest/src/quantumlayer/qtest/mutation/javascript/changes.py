"""Which small changes a piece of JavaScript or TypeScript can suffer: tables, a node at a time."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from quantumlayer.qtest.mutation.changes import Change, query_changes
from quantumlayer.qtest.mutation.javascript.expressions import (
    field_of,
    is_text,
    operator_of,
    plain,
    shows,
    span_of,
)
from quantumlayer.qtest.mutation.model import RENDERS_NOTHING
from quantumlayer.qtest.mutation.spans import Source

if TYPE_CHECKING:
    from tree_sitter import Node

_BINARY: Mapping[str, tuple[str, str]] = {
    "<": ("<=", "boundary"),
    "<=": ("<", "boundary"),
    ">": (">=", "boundary"),
    ">=": (">", "boundary"),
    "==": ("!=", "comparison"),
    "!=": ("==", "comparison"),
    "===": ("!==", "comparison"),
    "!==": ("===", "comparison"),
    "&&": ("||", "logic"),
    "||": ("&&", "logic"),
    "??": ("&&", "logic"),
    "+": ("-", "arithmetic"),
    "-": ("+", "arithmetic"),
    "*": ("/", "arithmetic"),
    "/": ("*", "arithmetic"),
    "%": ("*", "arithmetic"),
    "**": ("*", "arithmetic"),
    "<<": (">>", "arithmetic"),
    ">>": ("<<", "arithmetic"),
    ">>>": ("<<", "arithmetic"),
    "&": ("|", "arithmetic"),
    "|": ("&", "arithmetic"),
    "^": ("&", "arithmetic"),
}
_AUGMENTED: Mapping[str, str] = {
    "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "%=": "*=", "**=": "*=", "<<=": ">>=",
    ">>=": "<<=", ">>>=": "<<=", "&=": "|=", "|=": "&=", "^=": "&=",
}  # fmt: skip
_CALLS: Mapping[str, str] = {
    "some": "every", "every": "some", "min": "max", "max": "min", "ceil": "floor",
    "floor": "ceil", "startsWith": "endsWith", "endsWith": "startsWith", "trimStart": "trimEnd",
    "trimEnd": "trimStart",
}  # fmt: skip
_BARE = frozenset({
    "identifier", "member_expression", "subscript_expression", "call_expression",
    "await_expression",
})  # fmt: skip
# What has changes of its own, or is the nothing that would stand in its place.
_OF_THEIR_OWN = frozenset({
    "true", "false", "null", "undefined", "number", "string", "template_string", "regex",
    "arrow_function", "function_expression",
})  # fmt: skip
_LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
_FUNCTIONS = frozenset({
    "function_declaration", "function_expression", "generator_function", "arrow_function",
    "generator_function_declaration", "method_definition", "class_static_block",
})  # fmt: skip
_COMPARING = frozenset({"boundary", "comparison", "logic"})


def changes_of(node: "Node", source: Source) -> Iterator[Change]:
    """Every change of one node itself, not of what is in it."""
    find = _FINDERS.get(node.type)
    if find is not None:
        yield from find(node, source)


def is_function(node: "Node") -> bool:
    """Whether a node has a body that runs when it is called."""
    return node.type in _FUNCTIONS


def _bracketed(node: "Node", source: Source) -> str:
    text = source.text(span_of(node))
    simple = node.type in ("identifier", "member_expression", "call_expression")
    return text if simple or node.type == "parenthesized_expression" else f"({text})"


def _binary_changes(node: "Node", _source: Source) -> Iterator[Change]:
    sign = field_of(node, "operator")
    if sign is None or sign.type not in _BINARY:
        return
    sides = (field_of(node, "left"), field_of(node, "right"))
    joins = sign.type == "+" and any(map(is_text, sides))
    # Of several in a row, one alone cannot become another: `a && b ?? c` is no expression.
    in_a_row = sign.type == "??" and any(
        one is not None and one.type == "binary_expression" and operator_of(one) == "??"
        for one in (node.parent, *sides)
    )
    if not joins and not in_a_row:
        instead, name = _BINARY[sign.type]
        yield Change(span_of(sign), instead, name, 3)


def _augmented_changes(node: "Node", _source: Source) -> Iterator[Change]:
    sign = field_of(node, "operator")
    joins = sign is not None and sign.type == "+=" and is_text(field_of(node, "right"))
    if sign is not None and sign.type in _AUGMENTED and not joins:
        yield Change(span_of(sign), _AUGMENTED[sign.type], "arithmetic", 3)


def _update_changes(node: "Node", _source: Source) -> Iterator[Change]:
    sign = field_of(node, "operator")
    if sign is not None:
        yield Change(span_of(sign), "--" if sign.type == "++" else "++", "arithmetic", 3)


def _unary_changes(node: "Node", source: Source) -> Iterator[Change]:
    inner, sign = field_of(node, "argument"), operator_of(node)
    if inner is None or (sign == "-" and source.text(span_of(inner)) == "0"):
        return
    if sign in ("!", "-"):
        name = "negation" if sign == "!" else "sign"
        yield Change(span_of(node), _bracketed(inner, source), name, 3)


def _head_changes(node: "Node", source: Source) -> Iterator[Change]:
    """The opposite of a bare condition; comparisons have changes of their own."""
    test = plain(field_of(node, "condition"))
    if test is not None and test.type in _BARE:
        yield Change(span_of(test), f"!{_bracketed(test, source)}", "condition", 3)


def _constant_changes(node: "Node", _source: Source) -> Iterator[Change]:
    yield Change(span_of(node), "false" if node.type == "true" else "true", "constant", 2)


def _number_changes(node: "Node", source: Source) -> Iterator[Change]:
    text = source.text(span_of(node)).replace("_", "")
    large = text.endswith("n") and text[:-1].isdecimal()
    if large:
        yield Change(span_of(node), f"{int(text[:-1]) + 1}n", "constant", 2)
    elif text.isdecimal():
        yield Change(span_of(node), str(int(text) + 1), "constant", 2)
    elif text.replace(".", "", 1).isdecimal():
        yield Change(span_of(node), repr(float(text) + 1), "constant", 2)


def _text_changes(node: "Node", source: Source) -> Iterator[Change]:
    yield from query_changes(span_of(node), source)


def _call_changes(node: "Node", source: Source) -> Iterator[Change]:
    function = field_of(node, "function")
    name = field_of(function, "property") if function is not None else None
    if name is not None and (instead := _CALLS.get(source.text(span_of(name)))):
        yield Change(span_of(name), instead, "call", 3)


def _value_changes(value: "Node | None") -> Iterator[Change]:
    """Nothing in place of what a function gives back."""
    found = plain(value)
    if value is None or found is None or found.type in _OF_THEIR_OWN:
        return
    if shows(found):
        yield Change(span_of(value), "null", RENDERS_NOTHING, 4)
        return
    decides = found.type == "binary_expression" and (
        _BINARY.get(operator_of(found), ("", ""))[1] in _COMPARING
    )
    if decides or (found.type == "unary_expression" and operator_of(found) == "!"):
        yield Change(span_of(value), "true", "always true", 2)
        yield Change(span_of(value), "false", "always false", 2)
    else:
        yield Change(span_of(value), "undefined", "return value", 2)


def _return_changes(node: "Node", _source: Source) -> Iterator[Change]:
    yield from _value_changes(node.named_children[0] if node.named_children else None)


def _arrow_changes(node: "Node", _source: Source) -> Iterator[Change]:
    body = field_of(node, "body")
    if body is not None and body.type != "statement_block":
        yield from _value_changes(body)


def _throw_changes(node: "Node", _source: Source) -> Iterator[Change]:
    yield Change(span_of(node), ";", "throw removed", 3, statement=True)


def _statement_changes(node: "Node", _source: Source) -> Iterator[Change]:
    made = node.named_children[0] if node.named_children else None
    if made is not None and made.type == "await_expression":
        made = made.named_children[0] if made.named_children else None
    if made is None:
        return
    if made.type == "call_expression":
        function = field_of(made, "function")
        if function is not None and function.type != "super":
            yield Change(span_of(node), ";", "call removed", 2, statement=True)
    if made.type == "assignment_expression":
        target = field_of(made, "left")
        if target is not None and target.type in ("member_expression", "subscript_expression"):
            yield Change(span_of(node), ";", "assignment removed", 2, statement=True)


def _loop_changes(node: "Node", _source: Source) -> Iterator[Change]:
    """Only of what leads out of a loop: a `break` of `switch` has no opposite."""
    if node.named_children:
        return
    around = node.parent
    while around is not None and around.type not in _FUNCTIONS:
        if around.type == "switch_statement" and node.type == "break_statement":
            return
        if around.type in _LOOPS:
            instead = "continue;" if node.type == "break_statement" else "break;"
            yield Change(span_of(node), instead, "loop", 2, statement=True)
            return
        around = around.parent


_FINDERS: Mapping[str, Callable[["Node", Source], Iterator[Change]]] = {
    "binary_expression": _binary_changes,
    "augmented_assignment_expression": _augmented_changes,
    "update_expression": _update_changes,
    "unary_expression": _unary_changes,
    "if_statement": _head_changes,
    "while_statement": _head_changes,
    "do_statement": _head_changes,
    "ternary_expression": _head_changes,
    "true": _constant_changes,
    "false": _constant_changes,
    "number": _number_changes,
    "string": _text_changes,
    "template_string": _text_changes,
    "call_expression": _call_changes,
    "return_statement": _return_changes,
    "arrow_function": _arrow_changes,
    "throw_statement": _throw_changes,
    "expression_statement": _statement_changes,
    "break_statement": _loop_changes,
    "continue_statement": _loop_changes,
}
