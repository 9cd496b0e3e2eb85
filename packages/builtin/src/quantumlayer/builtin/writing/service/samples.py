"""Sample values of fields: valid, and distinct by number, as values and as what computes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from math import gcd

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.patterns import alphabets, spell
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView
from quantumlayer.builtin.writing.service.values import NOW, TODAY, Value, bounds, minutes, step_of

_FRAMES = {
    FieldType.EMAIL: ("person", "@example.org"),
    FieldType.URL: ("https://example.org/", ""),
    FieldType.PHONE: ("+35191000", ""),
}
_STARTS = {FieldType.DATE: 0, FieldType.DATETIME: 0, FieldType.TIME: 9 * 60}
_FEW, _MANY = 60, 1_000


@dataclass(frozen=True)
class Counted:
    """What grows with the number of the record: units of a number, days from now, or minutes.

    `scale` units make a whole; after `span` numbers they begin again, where that is not 0.
    """

    type: FieldType
    start: int
    step: int = 1
    span: int = 0
    scale: int = 1

    @property
    def formula(self) -> str:
        """The units, as every language writes them."""
        counted = f"number % {self.span}" if self.span else "number"
        if abs(self.step) != 1:
            counted = f"{abs(self.step)} * ({counted})" if self.span else f"{self.step} * number"
        sign = "-" if self.step < 0 else "+"
        if not self.start:
            return counted if sign == "+" else f"-({counted})"
        return f"{self.start} {sign} {counted}"

    def at(self, number: int) -> Value:
        """The value of a record."""
        units = self.start + self.step * (number % self.span if self.span else number)
        match self.type:
            case FieldType.DECIMAL:
                return Decimal(units) / self.scale
            case FieldType.DATE:
                return TODAY + timedelta(days=units)
            case FieldType.DATETIME:
                return NOW + timedelta(days=units)
            case FieldType.TIME:
                return time(units // 60 % 24, units % 60)
            case _:
                return units


@dataclass(frozen=True)
class Picked:
    """One of some values after the other."""

    choices: tuple[Value, ...]

    def at(self, number: int) -> Value:
        """The value of a record."""
        return self.choices[number % len(self.choices)]


@dataclass(frozen=True)
class Framed:
    """A text around the number; alone in a list where the field holds several."""

    prefix: str
    suffix: str = ""
    listed: bool = False

    def at(self, number: int) -> Value:
        """The value of a record; the first needs no number."""
        plain = not number and not self.suffix and self.prefix.endswith(" ")
        text = self.prefix.strip() if plain else f"{self.prefix}{number}{self.suffix}"
        return [text] if self.listed else text


@dataclass(frozen=True)
class Spelled:
    """A text whose characters come from the alphabet of each place."""

    places: tuple[str, ...]

    @property
    def runs(self) -> list[tuple[str, int]]:
        """The alphabets, with those that stand in a row said once."""
        return [(letters, len(list(run))) for letters, run in groupby(self.places)]

    def at(self, number: int) -> Value:
        """The value of a record."""
        return spell(number, self.places)


Variation = Counted | Picked | Framed | Spelled


def sample(entity: EntityView, field: FieldView, number: int) -> Value:
    """The `number`-th valid value; different numbers give different values where there are many."""
    return variation(entity, field).at(number)


@lru_cache(maxsize=512)
def variation(entity: EntityView, field: FieldView) -> Variation:
    """How the values of a field differ from record to record."""
    make = _VARIATIONS.get(field.type)
    return make(field) if make else _texts(entity, field)


def _counted(field: FieldView) -> Counted:
    """Up from ten, from today or from nine o'clock, or from what is nearest to it; down where there
    is hardly any room above. In whole steps where there is room for them."""
    scale = int(1 / step_of(field))
    first, last = (_units(edge, scale) for edge in bounds(field))
    start = min(max(_STARTS.get(field.type, 10 * scale), first), last)
    step = scale if max(last - start, start - first) >= scale else 1
    above, below = (last - start) // step, (start - first) // step
    if above < _FEW and above < below:
        above, step = below, -step
    span = 0 if above >= _MANY else above + 1
    shared = gcd(start, step, scale)
    return Counted(field.type, start // shared, step // shared, span, scale // shared)


def _units(value: Decimal | int | date | time, scale: int) -> int:
    """A value in the units of `Counted`."""
    match value:
        case time():
            return minutes(value)
        case date():
            return (value - TODAY).days
        case _:
            return int(value * scale)


_VARIATIONS: dict[FieldType, Callable[[FieldView], Variation]] = {
    FieldType.INTEGER: _counted,
    FieldType.DECIMAL: _counted,
    FieldType.DATE: _counted,
    FieldType.DATETIME: _counted,
    FieldType.TIME: _counted,
    FieldType.BOOLEAN: lambda _: Picked((False, True)),
    FieldType.CHOICE: lambda field: Picked(field.field.choices),
    FieldType.TAGS: lambda _: Framed("tag-", listed=True),
    FieldType.REFERENCE: lambda field: Counted(field.type, 0),
}


def _texts(entity: EntityView, field: FieldView) -> Variation:
    shortest, longest = field.min_length or 0, field.max_length
    if field.field.pattern is not None:
        places = alphabets(field.field.pattern)
        return Spelled(places + places[-1:] * (shortest - len(places)))
    if longest < 8 or shortest > 12:
        length = max(shortest, 1, min(longest, 8))
        return Spelled(("abcdefghijklmnopqrstuvwxyz",) * length)
    if field.type in _FRAMES:
        return Framed(*_FRAMES[field.type])
    words = entity.words if field.field.name == "name" else field.words
    return Framed(f"Example {words}"[: longest - 5] + " ")
