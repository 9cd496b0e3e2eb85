"""The view of a field: its kind, its bounds and its defaults, decided once."""

import re
from dataclasses import dataclass
from decimal import Decimal

from quantumlayer.builtin.domain import (
    Condition,
    Entity,
    Field,
    FieldType,
    ServiceDomain,
    Transitions,
)
from quantumlayer.builtin.writing.naming import pascal, words
from quantumlayer.builtin.writing.service.names import attribute_name

SYSTEM_FIELDS = frozenset({"id", "created_at", "updated_at"})
STRINGS = frozenset(
    {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.EMAIL, FieldType.URL, FieldType.PHONE}
)
NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
MOMENTS = frozenset({FieldType.DATE, FieldType.TIME, FieldType.DATETIME})
DATE_PARTS = {"date": 10, "month": 7, "year": 4}
"""How many characters of an ISO text name the part."""
MONEY_PLACES, OTHER_PLACES = 2, 4
_MONEY = re.compile(
    r"(^|_)(price|amount|cost|costs|fee|fees|fine|total|subtotal|salary|balance|budget|deposit|"
    r"payment|paid|charge|rent|tax|discount|credit|debit|wage|revenue|money|value)(_|$)"
)


@dataclass(frozen=True)
class FieldView:
    """One field, with the names that it has in Python."""

    field: Field
    initial: str | None
    """The choice at which a record starts where a transition rule says so."""

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def type(self) -> FieldType:
        return self.field.type

    @property
    def words(self) -> str:
        return words(self.field.name)

    @property
    def attribute(self) -> str:
        return attribute_name(self.key)

    @property
    def alias(self) -> str:
        """The name of the field's type in the schema module."""
        return f"_{pascal(self.key)}"

    @property
    def nullable(self) -> bool:
        return not self.field.required

    @property
    def default(self) -> str | int | bool | None:
        return self.field.default if self.field.default is not None else self.initial

    @property
    def computed(self) -> str | None:
        return self.field.computed_default

    @property
    def must_be_given(self) -> bool:
        return self.field.required and self.default is None and self.computed is None

    @property
    def places(self) -> int:
        """How many decimals a decimal field has."""
        return MONEY_PLACES if _MONEY.search(self.field.name) else OTHER_PLACES

    @property
    def min_length(self) -> int | None:
        if self.field.min_length is None and self.type in STRINGS:
            return 1 if self.field.required else None
        return self.field.min_length

    @property
    def max_length(self) -> int:
        if self.field.max_length is not None:
            return self.field.max_length
        return {
            FieldType.LONG_TEXT: 10_000,
            FieldType.EMAIL: 254,
            FieldType.URL: 2_000,
            FieldType.PHONE: 32,
        }.get(self.type, max(200, self.field.min_length or 0))


def looks_away(condition: Condition) -> bool:
    """Whether a condition looks through a reference, at another record."""
    return "." in condition.field and not is_date_part(condition.field)


def is_date_part(key: str) -> bool:
    """Whether a key names a part of a date: `starts_at.month`."""
    return key.rpartition(".")[2] in DATE_PARTS and "." in key


def bound(field: FieldView, text: str) -> int | Decimal:
    """A bound of a number as a number."""
    return int(Decimal(text)) if field.type is FieldType.INTEGER else Decimal(text)


def fields_of(entity: Entity, domain: ServiceDomain) -> tuple[FieldView, ...]:
    """The fields of an entity, but for those that every record has."""
    initial = {
        rule.field: rule.initial
        for rule in domain.rules
        if isinstance(rule, Transitions) and rule.entity == entity.name
    }
    return tuple(
        FieldView(field, initial.get(field.name))
        for field in entity.fields
        if field.key not in SYSTEM_FIELDS
    )
