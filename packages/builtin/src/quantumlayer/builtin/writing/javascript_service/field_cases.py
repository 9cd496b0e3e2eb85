"""What each field must accept and refuse."""

from dataclasses import dataclass

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript_service.literals import quoted, sent
from quantumlayer.builtin.writing.javascript_service.printing import layout
from quantumlayer.builtin.writing.service import edges
from quantumlayer.builtin.writing.service.model import (
    NUMBERS,
    STRINGS,
    EntityView,
    FieldView,
)
from quantumlayer.builtin.writing.service.samples import (
    Value,
    sample,
)

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
    found += [_code(value) for value in edges.days_beyond(field)]
    return tuple(dict.fromkeys(found))


def _code(value: Value) -> str:
    return layout(sent(value))


def _refused_texts(field: FieldView) -> list[str]:
    found = ['"   "'] if field.min_length else []
    found += [_repeated(length) for length in edges.lengths_beyond(field)]
    beside = edges.text_beside(field)
    return found if beside is None else [*found, quoted(beside)]


def _repeated(length: int) -> str:
    return f'"x".repeat({length})'


def _refused_numbers(field: FieldView) -> list[str]:
    low, high = edges.number_below(field), edges.number_above(field)
    found = [_code(number) for number in (low, high) if number is not None]
    if high is None and field.type is FieldType.INTEGER:
        found.append("2 ** 53")
    if field.type is FieldType.DECIMAL:
        found.append(_code(edges.number_between(field)))
        if high is None:
            found.append('"1234567890123456"')
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
        values += edges.numbers_within(field)
    elif field.type is FieldType.DATE:
        values += edges.days_within(field)
    elif field.type in (FieldType.TEXT, FieldType.LONG_TEXT) and not field.field.pattern:
        found = [Case("x" * length, _repeated(length)) for length in edges.lengths_within(field)]
    values.append(sample(entity, field, 3))
    found += [Case(value, _code(value)) for value in values]
    if field.nullable:
        found.append(Case(None, "null"))
    unique = {case.code: case for case in found}
    return tuple(unique.values())
