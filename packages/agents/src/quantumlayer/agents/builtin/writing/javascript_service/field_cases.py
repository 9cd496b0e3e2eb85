"""What each field must accept and refuse."""

import re
from dataclasses import dataclass
from decimal import Decimal

from quantumlayer.agents.builtin.writing.javascript_service.literals import quoted, sent
from quantumlayer.agents.builtin.writing.javascript_service.printing import layout
from quantumlayer.agents.builtin.writing.service.model import (
    NUMBERS,
    STRINGS,
    EntityView,
    FieldView,
)
from quantumlayer.agents.builtin.writing.service.recipes import shifted
from quantumlayer.agents.builtin.writing.service.samples import (
    Value,
    date_range,
    number_range,
    sample,
    sample_number,
)
from quantumlayer.qlayer.requirements import FieldType

_WRONG_KIND = {
    FieldType.INTEGER: ('"five"', "1.5", "true"),
    FieldType.DECIMAL: ('"much"', "true", "[]"),
    FieldType.BOOLEAN: ('"yes"', "1"),
    FieldType.DATE: ('"tomorrow"', '"2026-02-30"', "5"),
    FieldType.TIME: ('"25:00"', '"09:00:00Z"', "5"),
    FieldType.DATETIME: (
        '"now"',
        '"0001-01-01T00:00:00+10:00"',
        '"2026-13-01T00:00:00Z"',
        '"2026-02-30T00:00:00Z"',
        "5",
    ),
    FieldType.CHOICE: ('"something else"', "1"),
    FieldType.TAGS: ('["a", "a"]', '[""]', '"a"', "Array.from({ length: 51 }, String)"),
    FieldType.REFERENCE: ("0", '"first"', "999_999"),
    FieldType.EMAIL: ('"nobody"', '"a@b"', "5"),
    FieldType.URL: ('"example"', '"ftp://example.org"', "5"),
    FieldType.PHONE: ('"call me"', "5"),
    FieldType.TEXT: ("5", "[]", '"\\ud800"'),
    FieldType.LONG_TEXT: ("5", "[]", '"\\ud800"'),
}


@dataclass(frozen=True)
class Case:
    """A value, and the code that makes it where that is shorter than the value."""

    value: Value
    code: str


def refused(field: FieldView) -> tuple[str, ...]:
    """The code of values that the field itself refuses."""
    found = [*_WRONG_KIND[field.type]]
    if not field.nullable:
        found.append("null")
    if field.type in STRINGS:
        found += _refused_texts(field)
    if field.type in NUMBERS:
        found += _refused_numbers(field)
    found += [_code(value) for value in _beyond_days(field)]
    return tuple(dict.fromkeys(found))


def _code(value: Value) -> str:
    return layout(sent(value))


def _refused_texts(field: FieldView) -> list[str]:
    found = []
    if field.min_length:
        found.append('"   "')
    if (field.min_length or 0) > 1 and not field.field.pattern:
        found.append(f'"x".repeat({(field.min_length or 0) - 1})')
    if field.field.pattern:
        wrong = ("!", "?" * field.max_length)
        fitting = (text for text in wrong if not re.search(field.field.pattern, text))
        found += [quoted(text) for text in list(fitting)[:1]]
    elif field.type not in (FieldType.PHONE, FieldType.URL, FieldType.EMAIL):
        found.append(f'"x".repeat({field.max_length + 1})')
    return found


def _refused_numbers(field: FieldView) -> list[str]:
    allowed = number_range(field)
    found = []
    if field.field.minimum is not None:
        found.append(_code(_number(field, allowed.first - allowed.step)))
    if field.field.maximum is not None:
        found.append(_code(_number(field, allowed.last + allowed.step)))
    elif field.type is FieldType.INTEGER:
        found.append("2 ** 53")
    if field.type is FieldType.DECIMAL:
        found.append(_code(sample_number(field) + allowed.step / 10))
        if field.field.maximum is None:
            found.append('"1234567890123456"')
    return found


def _number(field: FieldView, number: Decimal) -> int | Decimal:
    return int(number) if field.type is FieldType.INTEGER else number


def _beyond_days(field: FieldView) -> list[Value]:
    if field.type is not FieldType.DATE:
        return []
    first, last = date_range(field)
    found: list[Value] = []
    if field.field.minimum is not None:
        found.append(shifted(field, first, -1))
    if field.field.maximum is not None:
        found.append(shifted(field, last, 1))
    return found


def accepted(entity: EntityView, field: FieldView) -> tuple[Case, ...]:
    """Values at the edge of what the field accepts; rules may still refuse them."""
    if field.type is FieldType.REFERENCE:
        return ()
    values: list[Value] = []
    found: list[Case] = []
    if field.type is FieldType.CHOICE:
        values += field.field.choices
    elif field.type is FieldType.BOOLEAN:
        values += [True, False]
    elif field.type in NUMBERS:
        allowed = number_range(field)
        values += [_number(field, allowed.first)] if field.field.minimum is not None else []
        values += [_number(field, allowed.last)] if field.field.maximum is not None else []
    elif field.type is FieldType.DATE:
        first, last = date_range(field)
        values += [first] if field.field.minimum is not None else []
        values += [last] if field.field.maximum is not None else []
    elif field.type in (FieldType.TEXT, FieldType.LONG_TEXT) and not field.field.pattern:
        found = _lengths(field)
    values.append(sample(entity, field, 3))
    found += [Case(value, _code(value)) for value in values]
    if field.nullable:
        found.append(Case(None, "null"))
    unique = {case.code: case for case in found}
    return tuple(unique.values())


def _lengths(field: FieldView) -> list[Case]:
    lengths = dict.fromkeys((max(field.min_length or 1, 1), field.max_length))
    return [Case("x" * length, f'"x".repeat({length})') for length in lengths]
