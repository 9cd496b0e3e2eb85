"""Sample values of fields: valid, distinct by number, as values and as the code that makes them."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.patterns import alphabets, spell
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    bound,
)

Value = str | int | bool | Decimal | date | time | list[str] | None
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""The moment at which generated tests happen."""
TODAY = NOW.date()
_TEXTS = {
    "title": "The Dispossessed",
    "isbn": "9780060125639",
    "author": "Ursula K. Le Guin",
    "city": "Lisbon",
    "country": "Portugal",
    "address": "12 Harbour Street",
    "description": "Described in a sentence.",
    "notes": "Handle with care.",
    "note": "Handle with care.",
    "comment": "Well done.",
    "subject": "A question",
    "message": "Hello there.",
    "content": "Once upon a time.",
    "body": "Once upon a time.",
}
_SMALLEST, _LARGEST = -(2**53) + 1, 2**53 - 1
_SMALL_RANGE = 1_000_000


@dataclass(frozen=True)
class Range:
    """The numbers that a field takes, in whole steps: `first + step * k` for k up to `count`."""

    first: Decimal
    step: Decimal
    last: Decimal

    @property
    def count(self) -> int:
        return int((self.last - self.first) / self.step) + 1


def number_range(field: FieldView) -> Range:
    """The numbers that a number field may take; open ends are far away."""
    whole = field.type is FieldType.INTEGER
    smallest_step = Decimal(1) if whole else Decimal(1).scaleb(-field.places)
    limit = Decimal(10) ** (15 - field.places) - 1
    contract = field.field
    first, last = (Decimal(_SMALLEST), Decimal(_LARGEST)) if whole else (-limit, limit)
    if contract.minimum is not None:
        first = Decimal(bound(field, contract.minimum))
        first += smallest_step if contract.exclusive_minimum else 0
    if contract.maximum is not None:
        last = Decimal(bound(field, contract.maximum))
        last -= smallest_step if contract.exclusive_maximum else 0
    return Range(first, smallest_step, last)


def date_range(field: FieldView) -> tuple[date, date]:
    """The days that a date or datetime field may take, both inclusive."""
    contract = field.field
    first, last = date(1900, 1, 1), date(2199, 12, 31)
    if contract.minimum is not None:
        first = date.fromisoformat(contract.minimum[:10]) + timedelta(
            days=contract.exclusive_minimum
        )
    if contract.maximum is not None:
        last = date.fromisoformat(contract.maximum[:10]) - timedelta(
            days=contract.exclusive_maximum
        )
    return first, last


def text_base(entity: EntityView, field: FieldView) -> str:
    """A text that a person might write into the field."""
    last_word = field.field.name.rpartition("_")[2]
    if field.field.name == "name":
        people = ("member", "user", "customer", "person", "patient", "student", "author", "guest")
        return "Ada Lovelace" if entity.slug in people else f"Example {entity.words}"
    return _TEXTS.get(last_word, f"Example {field.words}")


def sample(entity: EntityView, field: FieldView, number: int) -> Value:  # noqa: PLR0911
    """The `number`-th valid value; different numbers give different values where there are many."""
    match field.type:
        case FieldType.INTEGER | FieldType.DECIMAL:
            return _number(field, number)
        case FieldType.BOOLEAN:
            return bool(number % 2)
        case FieldType.DATE:
            return _day(field, number)
        case FieldType.DATETIME:
            return datetime.combine(_day(field, number), time(12), UTC)
        case FieldType.TIME:
            return _time(field, number)
        case FieldType.CHOICE:
            return field.field.choices[number % len(field.field.choices)]
        case FieldType.TAGS:
            return [f"tag-{number}"]
        case FieldType.REFERENCE:
            return number
        case _:
            return text(entity, field, number)


def text(entity: EntityView, field: FieldView, number: int) -> str:
    """The `number`-th text of a field of text."""
    prefix, suffix = text_frame(entity, field)
    places = text_places(field)
    if places:
        return spell(number, places)
    plain = not suffix and prefix.endswith(" ") and number == 0
    return prefix.strip() if plain else f"{prefix}{number}{suffix}"


def text_places(field: FieldView) -> tuple[str, ...] | None:
    """The characters allowed at each place, where the field's shape fixes them."""
    if field.field.pattern is not None:
        places = alphabets(field.field.pattern) or ()
        return places + ("a",) * ((field.min_length or 0) - len(places))
    if field.max_length < 8 or (field.min_length or 0) > 12:
        length = max(field.min_length or 1, min(field.max_length, 8))
        return ("abcdefghijklmnopqrstuvwxyz",) * length
    return None


def text_frame(entity: EntityView, field: FieldView) -> tuple[str, str]:
    """What stands before and after the number in a sample text."""
    match field.type:
        case FieldType.EMAIL:
            return "person", "@example.org"
        case FieldType.URL:
            return "https://example.org/", ""
        case FieldType.PHONE:
            return "+35191000", ""
        case _:
            base = text_base(entity, field)
            room = field.max_length - 5
            return f"{base[:room]} ", ""


@dataclass(frozen=True)
class Progression:
    """Numbers that begin at `start` and grow by `step`, over again after `span` of them."""

    start: Decimal
    step: Decimal
    span: int


def progression(field: FieldView) -> Progression:
    """The sample numbers of a field."""
    allowed = number_range(field)
    start = min(max(Decimal(10), allowed.first), allowed.last)
    if start == allowed.last:
        start = max(allowed.first, allowed.last - 100)
    step = Decimal(1) if allowed.last - start >= 1 else allowed.step
    return Progression(start, step, int((allowed.last - start) / step) + 1)


def _number(field: FieldView, number: int) -> int | Decimal:
    numbers = progression(field)
    value = numbers.start + numbers.step * (number % numbers.span)
    return int(value) if field.type is FieldType.INTEGER else value


def _day(field: FieldView, number: int) -> date:
    first, last = date_range(field)
    start = min(max(TODAY, first), last)
    if start + timedelta(days=60) <= last:
        return start + timedelta(days=number)
    span = (start - first).days + 1
    return start - timedelta(days=number % span)


def _time(field: FieldView, number: int) -> time:
    contract = field.field
    start = time.fromisoformat(contract.minimum) if contract.minimum else time(9)
    start_minutes = start.hour * 60 + start.minute + contract.exclusive_minimum
    last = time.fromisoformat(contract.maximum) if contract.maximum else time(23, 59)
    last_minutes = last.hour * 60 + last.minute - contract.exclusive_maximum
    minutes = start_minutes + number % max(1, last_minutes - start_minutes + 1)
    return time(minutes // 60 % 24, minutes % 60)


def to_json(value: Value) -> object:
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


def json_code(value: Value) -> str:
    """A value, as it travels, as Python code."""
    travelling = to_json(value)
    if isinstance(travelling, str | list):
        return json.dumps(travelling, ensure_ascii=False)
    return repr(travelling)


def sample_number(field: FieldView) -> Decimal:
    """A small number that the field accepts."""
    allowed = number_range(field)
    return min(max(Decimal(1), allowed.first), allowed.last)
