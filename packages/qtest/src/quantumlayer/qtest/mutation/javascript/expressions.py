"""Reading expressions of JavaScript: what stands in brackets, what is text, what is shown."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quantumlayer.qtest.mutation.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_SHOWN = frozenset({"jsx_element", "jsx_self_closing_element", "jsx_fragment"})
_WRAPPERS = frozenset({
    "parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression",
})  # fmt: skip
_MOST_WAYS = 64
_TEXTS = frozenset({"string", "template_string", "array", "object"})


def plain(node: "Node | None") -> "Node | None":
    """What stands in brackets, and under the casts of TypeScript."""
    while node is not None and node.type in _WRAPPERS:
        node = node.named_children[0] if node.named_children else None
    return node


def shows(node: "Node | None") -> bool:
    """Whether an expression is what a component shows, on any of its ways."""
    return any(one.type in _SHOWN for one in ways(node))


def ways(node: "Node | None") -> Iterator["Node"]:
    """What an expression may come to: the sides of its choices, and of what it joins."""
    pending = [node]
    for _ in range(_MOST_WAYS):
        if not pending:
            return
        found = plain(pending.pop())
        if found is None:
            continue
        if found.type == "ternary_expression":
            pending += [field_of(found, "consequence"), field_of(found, "alternative")]
        elif found.type == "binary_expression" and operator_of(found) in ("&&", "||", "??", "+"):
            pending += [field_of(found, "left"), field_of(found, "right")]
        else:
            yield found


def span_of(node: "Node") -> Span:
    """Where a node stands."""
    return Span(node.start_byte, node.end_byte)


def field_of(node: "Node", name: str) -> "Node | None":
    """What a node holds under a name."""
    return node.child_by_field_name(name)


def operator_of(node: "Node") -> str:
    """The sign of an expression, empty for none."""
    sign = field_of(node, "operator")
    return sign.type if sign else ""


def is_text(node: "Node | None") -> bool:
    """Whether an operand shows that `+` joins texts here and adds nothing."""
    return any(one.type in _TEXTS for one in ways(node))
