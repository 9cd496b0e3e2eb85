"""Values as JavaScript code."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
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
    return number(value) if isinstance(value, Decimal) else plain(to_json(value))


def stored(value: Value) -> Doc:
    """A value as the generated store keeps it: moments have six digits of a second."""
    if isinstance(value, datetime):
        return quoted(value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    return sent(value)


def stored_literal(field: FieldView, value: str | int | bool) -> str:
    """A value of a rule, or a default, as the store keeps it."""
    return layout(stored(literal_value(field, value)))


def bound_literal(field: FieldView, text: str) -> str:
    """A bound of a field as code; of a datetime, a day stands for its first moment."""
    if field.type is FieldType.DATETIME and len(text) == len("2026-03-02"):
        return stored_literal(field, f"{text}T00:00:00")
    return stored_literal(field, text)
