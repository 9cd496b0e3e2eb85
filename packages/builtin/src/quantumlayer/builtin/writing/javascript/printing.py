"""Values and brackets of JavaScript, laid out as its usual formatter does."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

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
    layout,
)
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.values import Value, literal_value, to_json

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


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


def quoted(text: str) -> str:
    """A text, in the quotes that need fewer escapes."""
    code = json.dumps(text, ensure_ascii=False)
    if text.count('"') <= text.count("'"):
        return code
    return "'" + code[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def key_code(name: str) -> str:
    """The name of a member of an object."""
    return name if _IDENTIFIER.fullmatch(name) else quoted(name)


def member(name: str, value: Doc) -> Doc:
    """`name: value`."""
    return (f"{key_code(name)}: ", value)


def plain(value: object) -> Doc:
    """A value that JSON knows."""
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return quoted(value)
        case dict():
            return record(member(str(key), plain(inner)) for key, inner in value.items())
        case list() | tuple():
            return array(plain(item) for item in value)
        case _:
            return number(Decimal(str(value)))


def number(value: Decimal | int) -> str:
    """A number; long ones are easier to read with separators."""
    text = format(Decimal(value).normalize(), "f")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, fraction = digits.partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):_}"
    return f"{sign}{whole}{dot}{fraction}"


def sent(value: Value) -> Doc:
    """A value as it travels."""
    return plain(to_json(value))


def stored(field: FieldView, value: str | int | bool) -> object:
    """A value of a rule, a bound or a default as the store keeps it: moments have six digits."""
    found = literal_value(field, value)
    if isinstance(found, datetime):
        return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return to_json(found)


def stored_literal(field: FieldView, value: str | int | bool) -> str:
    """The same as code."""
    return layout(plain(stored(field, value)))
