"""The view of a field: its kind, its bounds and its defaults, decided once."""

import re
from dataclasses import dataclass

from quantumlayer.builtin import domain
from quantumlayer.builtin.conditions import Condition, Scalar
from quantumlayer.builtin.domain import Field, FieldType
from quantumlayer.builtin.writing import patterns
from quantumlayer.builtin.writing.naming import attribute_name, pascal, words

SYSTEM_FIELDS = frozenset({"id", "created_at", "updated_at"})
SHAPED = frozenset({FieldType.EMAIL, FieldType.URL, FieldType.PHONE})
"""Texts with a shape that bounds their length, unless the field has bounds of its own."""
NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
MOMENTS = frozenset({FieldType.DATE, FieldType.TIME, FieldType.DATETIME})
STRINGS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT}) | SHAPED
DATE_PARTS = {"date": 10, "month": 7, "year": 4}
"""How many characters of an ISO text name the part."""
MONEY_PLACES, OTHER_PLACES = 2, 4
_MONEY = re.compile(
    r"(^|_)(price|amount|cost|costs|fee|fees|fine|total|subtotal|salary|balance|budget|deposit|"
    r"payment|paid|charge|rent|tax|discount|credit|debit|wage|revenue|money|value)(_|$)"
)


_LONGEST = {
    FieldType.LONG_TEXT: 10_000,
    FieldType.EMAIL: 254,
    FieldType.URL: 2_000,
    FieldType.PHONE: 32,
}


@dataclass(frozen=True, eq=False)
class FieldView:
    """One field, with the names that it has in Python; `alias` is that of its type."""

    field: Field
    key: str
    type: FieldType
    words: str
    attribute: str
    alias: str
    nullable: bool
    default: Scalar | None
    """Its own, or the choice at which a record starts where a transition rule says so."""
    computed: str | None
    must_be_given: bool
    places: int
    """How many decimals a decimal field has."""
    min_length: int | None
    max_length: int


def constraints(view: FieldView) -> dict[str, str | int]:
    """What bounds the values of a field besides its kind, in the words of JSON schema."""
    field = view.field
    least = "exclusiveMinimum" if field.exclusive_minimum else "minimum"
    most = "exclusiveMaximum" if field.exclusive_maximum else "maximum"
    found: dict[str, str | int | None] = {least: field.minimum, most: field.maximum}
    if view.type in STRINGS:
        of = field if view.type in SHAPED else view
        found = {"minLength": of.min_length or None, "maxLength": of.max_length}
        found["pattern"] = field.pattern
    return {word: bound for word, bound in found.items() if bound is not None}


def looks_away(condition: Condition) -> bool:
    """Whether a condition looks through a reference, at another record."""
    return "." in condition.field and not is_date_part(condition.field)


def is_date_part(key: str) -> bool:
    """Whether a key names a part of a date: `starts_at.month`."""
    return key.rpartition(".")[2] in DATE_PARTS and "." in key


def fields_of(entity: domain.Entity, described: domain.ServiceDomain) -> tuple[FieldView, ...]:
    """The fields of an entity, but for those that every record has."""
    initial = {
        rule.field: rule.initial
        for rule in described.rules
        if isinstance(rule, domain.Transitions) and rule.entity == entity.name
    }
    return tuple(
        _view(field, initial.get(field.name))
        for field in entity.fields
        if field.key not in SYSTEM_FIELDS
    )


def _view(field: Field, initial: str | None) -> FieldView:
    form = field.pattern or ""
    default = initial if field.default is None else field.default
    least = 1 if field.required and field.type in STRINGS else None
    longest = _LONGEST.get(field.type, max(200, field.min_length or 0, patterns.longest(form)))
    return FieldView(
        field=field,
        key=field.key,
        type=field.type,
        words=words(field.name),
        attribute=attribute_name(field.key),
        alias=f"_{pascal(field.key)}",
        nullable=not field.required,
        default=default,
        computed=field.computed_default,
        must_be_given=field.required and default is None and not field.computed_default,
        places=MONEY_PLACES if _MONEY.search(field.name) else OTHER_PLACES,
        min_length=least if field.min_length is None else field.min_length,
        max_length=longest if field.max_length is None else field.max_length,
    )
