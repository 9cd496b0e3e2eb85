"""The kinds of fields in Python and in SQL, and their values as code of either."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from quantumlayer.builtin.conditions import Scalar
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import MONEY_PLACES, OTHER_PLACES, FieldView
from quantumlayer.builtin.writing.service.values import Value, literal_value


@dataclass(frozen=True)
class Kind:
    """The type of a member, of a query parameter and of a column; the rest is for rows.

    `row` is what SQL gives a report, `read` makes a member of what is stored.
    """

    type: str
    query: str = ""
    column: str = "TEXT"
    row: str = "str"
    read: str = ""


_KINDS = {
    FieldType.TEXT: Kind("str"),
    FieldType.LONG_TEXT: Kind("str"),
    FieldType.INTEGER: Kind("Integer", "QueryInteger", "INTEGER", "int"),
    FieldType.DECIMAL: Kind("Number", "", "INTEGER", "float", "from_units"),
    FieldType.BOOLEAN: Kind("Boolean", "bool", "INTEGER", "bool", "bool"),
    FieldType.DATE: Kind("IsoDate"),
    FieldType.TIME: Kind("IsoTime"),
    FieldType.DATETIME: Kind("UtcDatetime"),
    FieldType.EMAIL: Kind("Email"),
    FieldType.URL: Kind("Url"),
    FieldType.PHONE: Kind("Phone"),
    FieldType.CHOICE: Kind("Literal[{}]"),
    FieldType.TAGS: Kind("Tags", "str", read="json.loads"),
    FieldType.REFERENCE: Kind("Identifier", "QueryInteger", "INTEGER", "int"),
}
_MONEY = Kind("Money", "", "INTEGER", "float", "from_units")


def kind_of(field: FieldView) -> Kind:
    """The kind of a field."""
    money = field.type is FieldType.DECIMAL and field.places == MONEY_PLACES
    return _MONEY if money else _KINDS[field.type]


def type_code(field: FieldView, *, asked: bool = False) -> str:
    """The type of a field before its own bounds, or of what is asked about it."""
    kind, choices = kind_of(field), ", ".join(map(text_code, field.field.choices))
    return (asked and kind.query) or kind.type.format(choices)


def text_code(text: object) -> str:
    """A text, or a list of texts, as Python code."""
    return json.dumps(text, ensure_ascii=False)


def python_code(value: Value | float) -> str:
    """A value as Python code."""
    match value:
        case Decimal():
            return f"Decimal({int(value)})" if value == int(value) else f'Decimal("{value}")'
        case date() | time():
            return f'{type(value).__name__}.fromisoformat("{value.isoformat()}")'
        case str() | list():
            return text_code(value)
        case _:
            return repr(value)


def sql_code(field: FieldView, given: Scalar) -> str:
    """A value of a rule in SQL, as it is stored: texts of moments sort as the moments do."""
    value = literal_value(field, given)
    match value:
        case Decimal():
            return str(int(value.scaleb(OTHER_PLACES)))
        case int() | None:
            return str(int(value or 0))
        case datetime():
            return sql_text(value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        case date() | time():
            return sql_text(value.isoformat())
        case _:
            return sql_text(value if isinstance(value, str) else text_code(value))


def sql_text(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
