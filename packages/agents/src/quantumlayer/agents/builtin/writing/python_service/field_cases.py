"""What each field must accept and refuse, as values and as the code of values."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal

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
    json_code,
    number_range,
    sample,
    sample_number,
)
from quantumlayer.qlayer.requirements import FieldType

_WRONG_KIND = {
    FieldType.INTEGER: ('"five"', "1.5", "True"),
    FieldType.DECIMAL: ('"much"', "True"),
    FieldType.BOOLEAN: ('"yes"', "1"),
    FieldType.DATE: ('"tomorrow"', '"2026-02-30"', "5", "86_400"),
    FieldType.TIME: ('"25:00"', '"09:00:00Z"', "5"),
    FieldType.DATETIME: ('"now"', '"0001-01-01T00:00:00+10:00"', '"2026-13-01T00:00:00Z"', "5"),
    FieldType.CHOICE: ('"something else"', "1"),
    FieldType.TAGS: ('["a", "a"]', '[""]', '"a"'),
    FieldType.REFERENCE: ("0", '"first"', "999_999"),
    FieldType.EMAIL: ('"nobody"', '"a@b"', "5", '"x" * 251 + "@b.c"'),
    FieldType.URL: ('"example"', '"ftp://example.org"', "5"),
    FieldType.PHONE: ('"call me"', "5"),
    FieldType.TEXT: ("5", "[]"),
    FieldType.LONG_TEXT: ("5", "[]"),
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
        found.append("None")
    if field.type in STRINGS:
        found += _refused_texts(field)
    if field.type in NUMBERS:
        found += _refused_numbers(field)
    found += [json_code(value) for value in _beyond_days(field)]
    return tuple(dict.fromkeys(found))


def _refused_texts(field: FieldView) -> list[str]:
    found = []
    if field.min_length:
        found.append('"   "')
    if (field.min_length or 0) > 1 and not field.field.pattern:
        found.append(f'"x" * {(field.min_length or 0) - 1}')
    if field.field.pattern:
        wrong = ("!", "?" * field.max_length)
        fitting = (text for text in wrong if not re.search(field.field.pattern, text))
        found += [json.dumps(text) for text in list(fitting)[:1]]
    elif field.type not in (FieldType.PHONE, FieldType.URL, FieldType.EMAIL):
        found.append(f'"x" * {field.max_length + 1}')
    return found


def _refused_numbers(field: FieldView) -> list[str]:
    allowed = number_range(field)
    found = []
    if field.field.minimum is not None:
        found.append(_number_code(field, allowed.first - allowed.step))
    if field.field.maximum is not None:
        found.append(_number_code(field, allowed.last + allowed.step))
    elif field.type is FieldType.INTEGER:
        found.append("2**53")
    if field.type is FieldType.DECIMAL:
        found.append(str(float(Decimal(sample_number(field)) + allowed.step / 10)))
    return found


def _number_code(field: FieldView, number: Decimal) -> str:
    return json_code(int(number) if field.type is FieldType.INTEGER else number)


def _beyond_days(field: FieldView) -> list[Value]:
    if field.type not in (FieldType.DATE, FieldType.DATETIME):
        return []
    first, last = date_range(field)
    found: list[Value] = []
    if field.field.minimum is not None and field.type is FieldType.DATE:
        found.append(shifted(field, first, -1))
    if field.field.maximum is not None and field.type is FieldType.DATE:
        found.append(shifted(field, last, 1))
    return found


def accepted(entity: EntityView, field: FieldView) -> tuple[Case, ...]:
    """Values at the edge of what the field accepts; rules may still refuse them."""
    if field.type is FieldType.REFERENCE:
        return ()
    found: list[Case] = []
    if field.type is FieldType.CHOICE:
        found = [
            Case(choice, json.dumps(choice, ensure_ascii=False)) for choice in field.field.choices
        ]
    elif field.type is FieldType.BOOLEAN:
        found = [Case(True, "True"), Case(False, "False")]
    elif field.type in NUMBERS:
        found = _accepted_numbers(field)
    elif field.type is FieldType.DATE:
        first, last = date_range(field)
        bounds = ((field.field.minimum, first), (field.field.maximum, last))
        found = [_case(day) for given, day in bounds if given is not None]
    elif field.type in STRINGS and not field.field.pattern:
        found = _accepted_texts(field)
    found.append(_case(sample(entity, field, 3)))
    if field.nullable:
        found.append(Case(None, "None"))
    unique = {case.code: case for case in found}
    return tuple(unique.values())


def _case(value: Value) -> Case:
    return Case(value, json_code(value))


def _accepted_numbers(field: FieldView) -> list[Case]:
    allowed = number_range(field)
    found = []
    if field.field.minimum is not None:
        found.append(allowed.first)
    if field.field.maximum is not None:
        found.append(allowed.last)
    if field.type is FieldType.INTEGER:
        return [Case(int(number), json_code(int(number))) for number in found]
    return [Case(number, json_code(number)) for number in found]


def _accepted_texts(field: FieldView) -> list[Case]:
    if field.type not in (FieldType.TEXT, FieldType.LONG_TEXT):
        return []
    least, most = max(field.min_length or 1, 1), field.max_length
    return [Case("x" * length, f'"x" * {length}') for length in dict.fromkeys((least, most))]
