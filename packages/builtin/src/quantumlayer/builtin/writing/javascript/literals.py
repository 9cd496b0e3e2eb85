"""Values as JavaScript code."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

from quantumlayer.builtin.writing.javascript.printing import array, record
from quantumlayer.builtin.writing.layout import Doc, layout
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.values import Value, literal_value, to_json

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


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
