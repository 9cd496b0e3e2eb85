"""What a function of JavaScript is called, and what is said around it."""

import re
from typing import TYPE_CHECKING

from quantumlayer.qtest.mutation.javascript.changes import is_function
from quantumlayer.qtest.mutation.spans import Source, Span, shown

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMED = ("variable_declarator", "pair", "public_field_definition", "assignment_expression")
_DECLARING = ("lexical_declaration", "variable_declaration", "export_statement")
_DEEPEST = 5
_LONGEST_SAID = 1_000


def text_at(node: "Node | None", source: Source) -> str:
    """What stands at a node, nothing where there is none."""
    return source.text(Span(node.start_byte, node.end_byte)) if node is not None else ""


def said_around(node: "Node", source: Source) -> str:
    """What the object that a function is a member of says beside it, and the comment above it."""
    said: list[str] = []
    around = node.parent
    if around is not None and around.type == "pair" and around.parent is not None:
        others = (one for one in around.parent.named_children if one.id != around.id)
        said += [text_at(one, source) for one in others if "=>" not in text_at(one, source)]
    while around is not None and around.type in (*_NAMED, *_DECLARING):
        node, around = around, around.parent
    above = node.prev_named_sibling
    if above is not None and above.type == "comment":
        said.append(text_at(above, source))
    return " ".join(said)[:_LONGEST_SAID]


def name_of(node: "Node", source: Source, *, within: bool) -> str:
    """What a function is called: by itself, by what holds it, or by who is given it.

    What is given to others `within` a function is a piece of that one, and has no name of its own.
    """
    if own := node.child_by_field_name("name"):
        return text_at(own, source)
    around = node.parent
    while around is not None and around.type in ("parenthesized_expression", "arguments"):
        if around.type == "arguments":
            return "" if within else _called_by(around, source)
        around = around.parent
    if around is not None and around.type in _NAMED:
        held = next(
            (one for name in ("name", "key", "property", "left")
             if (one := around.child_by_field_name(name)) is not None), None,
        )  # fmt: skip
        outer = _holder(around, source)
        return f"{outer}{text_at(held, source)}" if held is not None else ""
    return "default" if around is not None and around.type == "export_statement" else ""


def _holder(node: "Node", source: Source) -> str:
    """The names of the objects that a member stands in, at the head of a module, with dots."""
    names: list[str] = []
    while node.type == "pair" and len(names) < _DEEPEST:
        around = node.parent
        while around is not None and around.type not in _NAMED and not is_function(around):
            around = around.parent
        if around is None or is_function(around):
            break
        held = around.child_by_field_name("name") or around.child_by_field_name("key")
        names.append(text_at(held, source))
        node = around
    return "".join(f"{name}." for name in reversed(names))


def _called_by(arguments: "Node", source: Source) -> str:
    """`app.get /notes` for what is given to `app.get('/notes', …)`, and a component in `memo`."""
    call = arguments.parent
    if call is None or call.type != "call_expression":
        return ""
    if call.parent is not None and call.parent.type == "variable_declarator":
        return text_at(call.parent.child_by_field_name("name"), source)
    function = text_at(call.child_by_field_name("function"), source)
    texts = [one for one in arguments.named_children if one.type == "string"]
    words = [re.sub(r"^.*[\s)]", "", function), *(text_at(one, source)[1:-1] for one in texts[:1])]
    return shown(" ".join(words))
