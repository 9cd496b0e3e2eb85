"""What fields themselves accept, rules aside."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import MOMENTS, NUMBERS, FieldView
from quantumlayer.builtin.writing.service.values import Value, literal_value, shifted

_LARGEST = 2**53 - 1
_DIGITS = 15
_DAYS = (date(1900, 1, 1), date(2199, 12, 31))
_FAR: dict[FieldType, tuple[Any, Any]] = {
    FieldType.INTEGER: (-_LARGEST, _LARGEST),
    FieldType.DATE: _DAYS,
    FieldType.DATETIME: _DAYS,
    FieldType.TIME: (time(0), time(23, 59)),
}


def step_of(field: FieldView) -> Decimal:
    """The smallest step between two numbers of a field."""
    return Decimal(1) if field.type is FieldType.INTEGER else Decimal(1).scaleb(-field.places)


def bounds(field: FieldView) -> tuple[Any, Any]:
    """The smallest and the largest number or time of a field; far away where it has no bound.

    Those of a datetime are days.
    """
    digits = Decimal(10) ** (_DIGITS - field.places) - 1
    first, last = _FAR.get(field.type, (-digits, digits))
    contract = field.field
    if contract.minimum is not None:
        first = shifted(field, _read(field, contract.minimum), int(contract.exclusive_minimum))
    if contract.maximum is not None:
        last = shifted(field, _read(field, contract.maximum), -int(contract.exclusive_maximum))
    return first, last


def _read(field: FieldView, text: str) -> Value:
    moment = field.type is FieldType.DATETIME
    return date.fromisoformat(text[:10]) if moment else literal_value(field, text)


def is_valid(field: FieldView, value: Value) -> bool:
    """Whether the field itself allows the value; rules aside."""
    if value is None:
        return field.nullable
    if field.type not in MOMENTS | NUMBERS:
        return True
    first, last = bounds(field)
    inside: bool = first <= (value.date() if isinstance(value, datetime) else value) <= last
    return inside
