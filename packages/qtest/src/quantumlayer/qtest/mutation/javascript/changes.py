"""Which small changes a piece of JavaScript or TypeScript can suffer: tables, a node at a time."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from quantumlayer.qtest.mutation.changes import Change, query_changes
from quantumlayer.qtest.mutation.model import RENDERS_NOTHING
from quantumlayer.qtest.mutation.spans import Source, Span

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
_SHOWN = frozenset({"jsx_element", "jsx_self_closing_element", "jsx_fragment"})
_WRAPPERS = frozenset({
    "parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression",
})  # fmt: skip
_MOST_WAYS = 64
_TEXTS = frozenset({"string", "template_string", "array", "object"})
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


def plain(node: "Node | None") -> "Node | None":
    """What stands in brackets, and under the casts of TypeScript."""
    while node is not None and node.type in _WRAPPERS:
        node = node.named_children[0] if node.named_children else None
    return node


def shows(node: "Node | None") -> bool:
    """Whether an expression is what a component shows, on any of its ways."""
    return any(one.type in _SHOWN for one in _ways(node))


def _ways(node: "Node | None") -> Iterator["Node"]:
    """What an expression may come to: the sides of its choices, and of what it joins."""
    pending = [node]
    for _ in range(_MOST_WAYS):
        if not pending:
            return
        found = plain(pending.pop())
        if found is None:
            continue
        if found.type == "ternary_expression":
            pending += [_field(found, "consequence"), _field(found, "alternative")]
        elif found.type == "binary_expression" and _operator(found) in ("&&", "||", "??", "+"):
            pending += [_field(found, "left"), _field(found, "right")]
        else:
            yield found


def _span(node: "Node") -> Span:
    return Span(node.start_byte, node.end_byte)


def _field(node: "Node", name: str) -> "Node | None":
    return node.child_by_field_name(name)


def _operator(node: "Node") -> str:
    sign = _field(node, "operator")
    return sign.type if sign else ""


def _bracketed(node: "Node", source: Source) -> str:
    text = source.text(_span(node))
    simple = node.type in ("identifier", "member_expression", "call_expression")
    return text if simple or node.type == "parenthesized_expression" else f"({text})"


def _is_text(node: "Node | None") -> bool:
    """Whether an operand shows that `+` joins texts here and adds nothing."""
    return any(one.type in _TEXTS for one in _ways(node))


def _binary_changes(node: "Node", _source: Source) -> Iterator[Change]:
    sign = _field(node, "operator")
    if sign is None or sign.type not in _BINARY:
        return
    joins = sign.type == "+" and (_is_text(_field(node, "left")) or _is_text(_field(node, "right")))
    # Of several in a row, one alone cannot become another: `a && b ?? c` is no expression.
    in_a_row = sign.type == "??" and any(
        one is not None and one.type == "binary_expression" and _operator(one) == "??"
        for one in (node.parent, _field(node, "left"), _field(node, "right"))
    )
    if not joins and not in_a_row:
        instead, name = _BINARY[sign.type]
        yield Change(_span(sign), instead, name, 3)


def _augmented_changes(node: "Node", _source: Source) -> Iterator[Change]:
    sign = _field(node, "operator")
    joins = sign is not None and sign.type == "+=" and _is_text(_field(node, "right"))
    if sign is not None and sign.type in _AUGMENTED and not joins:
        yield Change(_span(sign), _AUGMENTED[sign.type], "arithmetic", 3)


def _update_changes(node: "Node", _source: Source) -> Iterator[Change]:
    sign = _field(node, "operator")
    if sign is not None:
        yield Change(_span(sign), "--" if sign.type == "++" else "++", "arithmetic", 3)


def _unary_changes(node: "Node", source: Source) -> Iterator[Change]:
    inner, sign = _field(node, "argument"), _operator(node)
    if inner is None or (sign == "-" and source.text(_span(inner)) == "0"):
        return
    if sign in ("!", "-"):
        name = "negation" if sign == "!" else "sign"
        yield Change(_span(node), _bracketed(inner, source), name, 3)


def _head_changes(node: "Node", source: Source) -> Iterator[Change]:
    """The opposite of a bare condition; comparisons have changes of their own."""
    test = plain(_field(node, "condition"))
    if test is not None and test.type in _BARE:
        yield Change(_span(test), f"!{_bracketed(test, source)}", "condition", 3)


def _constant_changes(node: "Node", _source: Source) -> Iterator[Change]:
    yield Change(_span(node), "false" if node.type == "true" else "true", "constant", 2)


def _number_changes(node: "Node", source: Source) -> Iterator[Change]:
    text = source.text(_span(node)).replace("_", "")
    large = text.endswith("n") and text[:-1].isdecimal()
    if large:
        yield Change(_span(node), f"{int(text[:-1]) + 1}n", "constant", 2)
    elif text.isdecimal():
        yield Change(_span(node), str(int(text) + 1), "constant", 2)
    elif text.replace(".", "", 1).isdecimal():
        yield Change(_span(node), repr(float(text) + 1), "constant", 2)


def _text_changes(node: "Node", source: Source) -> Iterator[Change]:
    yield from query_changes(_span(node), source)


def _call_changes(node: "Node", source: Source) -> Iterator[Change]:
    function = _field(node, "function")
    name = _field(function, "property") if function is not None else None
    if name is not None and (instead := _CALLS.get(source.text(_span(name)))):
        yield Change(_span(name), instead, "call", 3)


def _value_changes(value: "Node | None") -> Iterator[Change]:
    """Nothing in place of what a function gives back."""
    found = plain(value)
    if value is None or found is None or found.type in _OF_THEIR_OWN:
        return
    if shows(found):
        yield Change(_span(value), "null", RENDERS_NOTHING, 4)
        return
    decides = found.type == "binary_expression" and (
        _BINARY.get(_operator(found), ("", ""))[1] in _COMPARING
    )
    if decides or (found.type == "unary_expression" and _operator(found) == "!"):
        yield Change(_span(value), "true", "always true", 2)
        yield Change(_span(value), "false", "always false", 2)
    else:
        yield Change(_span(value), "undefined", "return value", 2)


def _return_changes(node: "Node", _source: Source) -> Iterator[Change]:
    yield from _value_changes(node.named_children[0] if node.named_children else None)


def _arrow_changes(node: "Node", _source: Source) -> Iterator[Change]:
    body = _field(node, "body")
    if body is not None and body.type != "statement_block":
        yield from _value_changes(body)


def _throw_changes(node: "Node", _source: Source) -> Iterator[Change]:
    yield Change(_span(node), ";", "throw removed", 3, statement=True)


def _statement_changes(node: "Node", _source: Source) -> Iterator[Change]:
    made = node.named_children[0] if node.named_children else None
    if made is not None and made.type == "await_expression":
        made = made.named_children[0] if made.named_children else None
    if made is None:
        return
    if made.type == "call_expression":
        function = _field(made, "function")
        if function is not None and function.type != "super":
            yield Change(_span(node), ";", "call removed", 2, statement=True)
    if made.type == "assignment_expression":
        target = _field(made, "left")
        if target is not None and target.type in ("member_expression", "subscript_expression"):
            yield Change(_span(node), ";", "assignment removed", 2, statement=True)


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
            yield Change(_span(node), instead, "loop", 2, statement=True)
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
