"""The values at the edges of what fields accept, and just beyond, as values of no language."""

import re
from collections.abc import Iterator
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.model import FieldView
from quantumlayer.builtin.writing.service.recipes import shifted
from quantumlayer.builtin.writing.service.samples import (
    Value,
    date_range,
    number_range,
    sample_number,
)

_OF_ANY_LENGTH = (FieldType.PHONE, FieldType.URL, FieldType.EMAIL)


def numbers_within(field: FieldView) -> list[Value]:
    """The smallest and the largest number, where the field has bounds."""
    allowed = number_range(field)
    bounds = ((field.field.minimum, allowed.first), (field.field.maximum, allowed.last))
    return [_number(field, edge) for given, edge in bounds if given is not None]


def number_below(field: FieldView) -> Value:
    """The largest number that is too small; None without a bound."""
    allowed = number_range(field)
    given = field.field.minimum
    return None if given is None else _number(field, allowed.first - allowed.step)


def number_above(field: FieldView) -> Value:
    """The smallest number that is too large; None without a bound."""
    allowed = number_range(field)
    given = field.field.maximum
    return None if given is None else _number(field, allowed.last + allowed.step)


def number_between(field: FieldView) -> Decimal:
    """A number with one place more than the field keeps."""
    return sample_number(field) + number_range(field).step / 10


def days_within(field: FieldView) -> list[Value]:
    """The first and the last day, where the field has bounds."""
    first, last = date_range(field)
    bounds = ((field.field.minimum, first), (field.field.maximum, last))
    return [day for given, day in bounds if given is not None]


def days_beyond(field: FieldView) -> list[Value]:
    """The days before the first and after the last; none of fields that hold no day."""
    if field.type is not FieldType.DATE:
        return []
    first, last = date_range(field)
    bounds = ((field.field.minimum, first, -1), (field.field.maximum, last, 1))
    return [shifted(field, day, step) for given, day, step in bounds if given is not None]


def lengths_within(field: FieldView) -> tuple[int, ...]:
    """The lengths of the shortest and the longest text."""
    return tuple(dict.fromkeys((max(field.min_length or 1, 1), field.max_length)))


def lengths_beyond(field: FieldView) -> Iterator[int]:
    """Lengths that are too small or too large, where no pattern decides."""
    if field.field.pattern:
        return
    if (field.min_length or 0) > 1:
        yield (field.min_length or 0) - 1
    if field.type not in _OF_ANY_LENGTH:
        yield field.max_length + 1


def text_beside(field: FieldView) -> str | None:
    """A text that the pattern of a field does not fit; None without one."""
    if not field.field.pattern:
        return None
    wrong = ("!", "?" * field.max_length)
    return next((text for text in wrong if not re.search(field.field.pattern, text)), None)


def _number(field: FieldView, number: Decimal) -> int | Decimal:
    return int(number) if field.type is FieldType.INTEGER else number
