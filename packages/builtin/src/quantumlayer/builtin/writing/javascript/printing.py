"""The brackets of JavaScript, laid out as its usual formatter does."""

from collections.abc import Iterable

from quantumlayer.builtin.writing.layout import (
    BREAK,
    NOTHING,
    SPACE,
    Broken,
    Doc,
    Group,
    Hugging,
    Indented,
    Line,
    joined,
)


def array(items: Iterable[Doc]) -> Doc:
    """`[a, b]`, or an item a line; a table, whose items are all lists, has a row a line."""
    listed = tuple(items)
    brackets = {_bracket_of_many(item) for item in listed}
    rows = len(listed) > 1 and len(brackets) == 1 and "" not in brackets
    return _bracketed("[", listed, "]", BREAK if rows else NOTHING)


def _bracket_of_many(item: Doc) -> str:
    """The bracket with which an item begins that has items of its own, more than one."""
    match item:
        case Group(parts=(str(opening), Indented(parts=inside), *_)) if "," in inside:
            return opening
        case _:
            return ""


def record(members: Iterable[Doc]) -> Doc:
    """`{ a: 1, b }`, or a member a line."""
    return _bracketed("{", tuple(members), "}", SPACE)


def call(function: str, arguments: Iterable[Doc]) -> Doc:
    """`f(a, b)`; an object at the end stays beside the parenthesis where that helps."""
    given = tuple(arguments)
    last = given[-1] if given else ""
    if not isinstance(last, Group) or last.parts[0] not in ("{", "["):
        return _bracketed(f"{function}(", given, ")", NOTHING)
    if len(given) == 1:
        return (f"{function}(", last, ")")
    head = (f"{function}(", *joined(given[:-1], (", ",)), ", ")
    return Hugging(head, last, _bracketed(f"{function}(", given, ")", NOTHING))


def all_of(tests: Iterable[Doc], operator: str = "&&") -> tuple[Doc, ...]:
    """`a && b`, broken after the operators."""
    return joined(tests, (f" {operator}", SPACE))


def _bracketed(opening: str, items: tuple[Doc, ...], closing: str, edge: Line) -> Group:
    if not items:
        return Group((f"{opening}{closing}",))
    inside = Indented((edge, *joined(items, (",", SPACE)), Broken(",")))
    return Group((opening, inside, edge, closing))
