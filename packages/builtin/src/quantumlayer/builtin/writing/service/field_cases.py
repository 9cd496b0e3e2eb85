"""What each field must accept and refuse: values at the edges, and just beyond them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import NUMBERS, STRINGS, FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import empty_stage
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.values import Value, bounds, shifted, step_of

_OF_ANY_LENGTH = (FieldType.PHONE, FieldType.URL, FieldType.EMAIL)


@dataclass(frozen=True)
class Repeated:
    """A text that is shorter to compute than to write: an x, so many times, and an end."""

    times: int
    end: str = ""


@dataclass(frozen=True)
class Several:
    """A list of so many different texts."""

    size: int


Case = Value | Repeated | Several
_WRONG_KIND: dict[FieldType, tuple[Case, ...]] = {
    FieldType.INTEGER: ("five", Decimal("1.5"), True),
    FieldType.DECIMAL: ("much", True, []),
    FieldType.BOOLEAN: ("yes", 1),
    FieldType.DATE: ("tomorrow", "2026-02-30", 5, 86_400),
    FieldType.TIME: ("25:00", "09:00:00Z", 5),
    FieldType.DATETIME: (
        *("now", "0001-01-01T00:00:00+10:00", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", 5),
    ),
    FieldType.CHOICE: ("something else", 1),
    FieldType.TAGS: (["a", "a"], [""], "a", Several(51)),
    FieldType.REFERENCE: (0, "first", 999_999),
    FieldType.EMAIL: ("nobody", "a@b", 5, Repeated(251, "@b.c")),
    FieldType.URL: ("example", "ftp://example.org", 5),
    FieldType.PHONE: ("call me", 5),
    FieldType.TEXT: (5, []),
    FieldType.LONG_TEXT: (5, []),
}


def refused(field: FieldView) -> list[Case]:
    """Values that the field itself refuses."""
    found = [*_WRONG_KIND[field.type], *([] if field.nullable else [None])]
    if field.type in STRINGS:
        found += _refused_texts(field)
    if field.type in NUMBERS and field.field.maximum is None:
        found.append(2**53 if field.type is FieldType.INTEGER else "1234567890123456")
    if field.type is FieldType.DECIMAL:
        first, last = bounds(field)
        found.append(min(max(Decimal(1), first), last) + step_of(field) / 10)
    found += [shifted(field, edge, beyond) for edge, beyond in _bounds(field)]
    return _distinct(found)


def _refused_texts(field: FieldView) -> Iterator[Case]:
    pattern, least = field.field.pattern, field.min_length or 0
    if least:
        yield "   "
    if pattern:
        wrong = ("!", "?" * field.max_length)
        yield from [text for text in wrong if not re.search(pattern, text)][:1]
        return
    if least > 1:
        yield Repeated(least - 1)
    if field.type not in _OF_ANY_LENGTH:
        yield Repeated(field.max_length + 1)


def _bounds(field: FieldView) -> list[tuple[Value, int]]:
    """The smallest and the largest value that a field names, and the direction beyond each."""
    if field.type not in (*NUMBERS, FieldType.DATE, FieldType.TIME):
        return []
    named = (field.field.minimum, field.field.maximum)
    edges = zip(named, bounds(field), (-1, 1), strict=True)
    return [(edge, beyond) for text, edge, beyond in edges if text is not None]


def accepted(view: ServiceView, entity: EntityView, field: FieldView) -> list[Case]:
    """Values at the edge of what the field accepts, where no rule refuses them."""
    if field.type is FieldType.REFERENCE:
        return []
    edges = [*_edges(field), sample(entity, field, 3), *([None] if field.nullable else [])]
    return _distinct([case for case in edges if _fits(view, entity, field, case)])


def _edges(field: FieldView) -> Iterator[Case]:
    match field.type:
        case FieldType.CHOICE:
            yield from field.field.choices
        case FieldType.BOOLEAN:
            yield from (True, False)
        case FieldType.TEXT | FieldType.LONG_TEXT if not field.field.pattern:
            yield from (Repeated(max(field.min_length or 1, 1)), Repeated(field.max_length))
        case _:
            yield from (edge for edge, _ in _bounds(field))


def _fits(view: ServiceView, entity: EntityView, field: FieldView, case: Case) -> bool:
    value = "x" * case.times + case.end if isinstance(case, Repeated) else case
    if isinstance(value, Several):
        return False
    return empty_stage(view).make(entity, {field.key: value}).well


def _distinct(cases: list[Case]) -> list[Case]:
    """The cases, each once; 1 and true are not the same."""
    return list({repr(case): case for case in cases}.values())
