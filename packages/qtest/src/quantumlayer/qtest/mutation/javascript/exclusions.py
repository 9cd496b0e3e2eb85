"""What of JavaScript and TypeScript is not worth changing: it would say nothing about the tests."""

import re
from typing import TYPE_CHECKING

from quantumlayer.qtest.mutation.changes import SPOKEN
from quantumlayer.qtest.mutation.spans import Source, Span
from quantumlayer.qtest.runners.javascript_tree import NOT_RUN

if TYPE_CHECKING:
    from tree_sitter import Node

# Beside what runs never: what a module takes from others, names of numbers, and how texts look.
_NOTHING_TO_RUN = NOT_RUN | {
    "import_statement", "enum_declaration", "decorator", "jsx_text", "regex",
}  # fmt: skip
_TALKING = re.compile(r"^(console|_?log(ger|ging)?|debug|_LOG(GER)?)$")
_MAIN = re.compile(r"import\.meta\b|require\.main\b|process\.argv\[1\]")
_EXCUSED = re.compile(
    r"(//|/\*).*\b(Stryker disable|(istanbul|c8|v8) ignore|pragma: no (cover|mutate))\b"
)
# How things look, and what tells things of a kind apart.
_DECORATING = frozenset({
    "className", "class", "style", "key", "ref", "tabIndex", "width", "height", "size", "rows",
    "cols", "autoFocus", "autoComplete", "spellCheck",
})  # fmt: skip
_FOR_TOOLS = re.compile(r"\.(displayName|propTypes|contextTypes)$")
_WAITING = re.compile(r"^(setTimeout|setInterval|delay|sleep|wait|AbortSignal\.timeout)$")


def left_out(node: "Node", source: Source) -> bool:
    """Whether a piece of syntax, and all that is in it, is left as it is."""
    if node.type in _NOTHING_TO_RUN or node.type.endswith("_type"):
        return True
    check = _CHECKS.get(node.type)
    return check is not None and check(node, source)


def is_excused(lines: list[str], line: int) -> bool:
    """Whether a comment at the head of a statement, or in the line above, leaves it out."""
    return any(_EXCUSED.search(lines[n]) for n in (line - 2, line - 1) if n >= 0)


def _text(node: "Node | None", source: Source) -> str:
    return source.text(Span(node.start_byte, node.end_byte)) if node is not None else ""


def _talks(node: "Node", source: Source) -> bool:
    """Whether a call writes a log."""
    names: list[str] = []
    function = node.child_by_field_name("function")
    while function is not None:
        if function.type == "member_expression":
            names.append(_text(function.child_by_field_name("property"), source))
            function = function.child_by_field_name("object")
        elif function.type == "call_expression":
            function = function.child_by_field_name("function")
        else:
            names.append(_text(function, source))
            break
    # `Math.log` works something out: of what is called, the last name counts for `this` alone.
    owners = names[1:] if len(names) > 1 and names[-1] != "this" else names
    return any(_TALKING.match(name) for name in owners)


def _is_main(node: "Node", source: Source) -> bool:
    return bool(_MAIN.search(_text(node.child_by_field_name("condition"), source)))


def _is_spoken(node: "Node", source: Source) -> bool:
    """A member of an object that is words for people, or a setting that no test should pin."""
    key = _text(node.child_by_field_name("key"), source).strip("'\"").lower()
    value = node.child_by_field_name("value")
    return key in SPOKEN and value is not None and "function" not in value.type


def _decorates(node: "Node", source: Source) -> bool:
    return bool(node.named_children) and _text(node.named_children[0], source) in _DECORATING


def _is_for_tools(node: "Node", source: Source) -> bool:
    return bool(_FOR_TOOLS.search(_text(node.child_by_field_name("left"), source)))


def _is_pause(node: "Node", source: Source) -> bool:
    """A number among what is given to a function that waits."""
    around = node.parent
    if around is None or around.type != "arguments" or around.parent is None:
        return False
    return bool(_WAITING.match(_text(around.parent.child_by_field_name("function"), source)))


def _is_talk(node: "Node", source: Source) -> bool:
    inner = node.named_children[0] if node.named_children else None
    return inner is not None and left_out(inner, source)


_CHECKS = {
    "call_expression": _talks,
    "if_statement": _is_main,
    "pair": _is_spoken,
    "jsx_attribute": _decorates,
    "assignment_expression": _is_for_tools,
    "number": _is_pause,
    "expression_statement": _is_talk,
    "await_expression": _is_talk,
}
