"""What fields themselves accept, rules aside."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.model import MOMENTS, NUMBERS, FieldView
from quantumlayer.builtin.writing.service.values import Value, minutes

_LARGEST = 2**53 - 1
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_FIRST_MINUTE, _LAST_MINUTE = 0, 24 * 60 - 1


@dataclass(frozen=True)
class Range:
    """The numbers that a field takes, in whole steps from the first to the last."""

    first: Decimal
    step: Decimal
    last: Decimal


def number_range(field: FieldView) -> Range:
    """The numbers that a number field may take; open ends are far away."""
    whole = field.type is FieldType.INTEGER
    step = Decimal(1) if whole else Decimal(1).scaleb(-field.places)
    far = Decimal(_LARGEST) if whole else Decimal(10) ** (15 - field.places) - 1
    contract = field.field
    first = -far if contract.minimum is None else Decimal(contract.minimum)
    last = far if contract.maximum is None else Decimal(contract.maximum)
    if whole:
        first, last = Decimal(int(first)), Decimal(int(last))
    return Range(
        first + step * contract.exclusive_minimum, step, last - step * contract.exclusive_maximum
    )


def date_range(field: FieldView) -> tuple[date, date]:
    """The days that a date or datetime field may take, both inclusive."""
    contract = field.field
    first, last = (
        date.fromisoformat(text[:10]) if text else far
        for text, far in ((contract.minimum, _FIRST_DAY), (contract.maximum, _LAST_DAY))
    )
    return (
        first + timedelta(days=contract.exclusive_minimum),
        last - timedelta(days=contract.exclusive_maximum),
    )


def minute_range(field: FieldView) -> tuple[int, int]:
    """The minutes of a day that a time field may take, both inclusive."""
    contract = field.field
    first, last = (
        far if text is None else minutes(time.fromisoformat(text))
        for text, far in ((contract.minimum, _FIRST_MINUTE), (contract.maximum, _LAST_MINUTE))
    )
    return first + contract.exclusive_minimum, last - contract.exclusive_maximum


def is_valid(field: FieldView, value: Value) -> bool:
    """Whether the field itself allows the value; rules aside."""
    if value is None:
        return field.nullable
    if field.type in NUMBERS:
        allowed = number_range(field)
        return allowed.first <= Decimal(str(value)) <= allowed.last
    if isinstance(value, time):
        earliest, latest = minute_range(field)
        return earliest <= minutes(value) <= latest
    if field.type in MOMENTS and isinstance(value, date):
        first, last = date_range(field)
        return first <= (value.date() if isinstance(value, datetime) else value) <= last
    return True
