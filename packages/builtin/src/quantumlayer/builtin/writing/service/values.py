"""Values of fields: what they are made of, which are valid, how they compare and travel."""

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import MOMENTS, NUMBERS, FieldView

Value = str | int | bool | Decimal | date | time | list[str] | None
Record = dict[str, Value]
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""The moment at which generated tests happen."""
TODAY = NOW.date()


def default_value(view: FieldView, now: datetime = NOW) -> Value:
    """What a member has that a client leaves out."""
    if view.computed == "today" and view.type is FieldType.DATE:
        return now.date()
    if view.computed:
        return now
    return None if view.default is None else literal_value(view, view.default)


def literal_value(view: FieldView, value: str | int | bool) -> Value:
    """A value of a rule, or a default, as a value of the field."""
    if view.type is FieldType.BOOLEAN:
        return value is True or str(value).lower() == "true"  # it may have travelled as text
    read = _READ.get(view.type, str)
    return read(str(value))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_READ: dict[FieldType, Callable[[str], Value]] = {
    FieldType.DECIMAL: Decimal,
    FieldType.INTEGER: lambda text: int(Decimal(text)),
    FieldType.REFERENCE: int,
    FieldType.DATE: date.fromisoformat,
    FieldType.TIME: time.fromisoformat,
    FieldType.DATETIME: _moment,
    FieldType.TAGS: lambda text: [item.strip() for item in text.split(",") if item.strip()],
}
_COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def compare(left: Value, by: Operator, right: Value) -> bool:
    """Compare two values of one kind; of a day and a moment, the moment's day."""
    if {type(left), type(right)} == {date, datetime}:
        left, right = (x.date() if isinstance(x, datetime) else x for x in (left, right))
    return _COMPARISONS[by](left, right)


def less(left: Value, right: Value) -> bool:
    """Whether one value comes before another of its kind."""
    return compare(left, Operator.LESS, right)


def order_of(value: Value) -> tuple[bool, Any]:
    """What values of one kind are sorted by: nothing comes before something."""
    return value is not None, value


def folded(view: FieldView, value: Value) -> Value:
    """A value as uniqueness takes it: the case of an email does not matter."""
    return value.lower() if view.type is FieldType.EMAIL and isinstance(value, str) else value


def minutes(moment: time) -> int:
    """The minutes since midnight."""
    return moment.hour * 60 + moment.minute


def shifted(field: FieldView, value: Value, steps: int) -> Value:
    """The value `steps` smallest meaningful steps later (or earlier)."""
    match value:
        case bool() | None | str() | list():
            return value
        case datetime():
            return value + timedelta(minutes=steps)
        case date():
            return value + timedelta(days=steps)
        case time():
            later = minutes(value) + steps
            return time(later // 60 % 24, later % 60)
        case Decimal():
            return value + Decimal(steps).scaleb(-field.places)
        case int():
            return value + steps


def to_json(value: Value) -> Value | float:
    """A value as it travels."""
    match value:
        case Decimal():
            return int(value) if value == int(value) else float(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case _:
            return value


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
    return Decimal(1).scaleb(-field.places) if field.type is FieldType.DECIMAL else Decimal(1)


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
