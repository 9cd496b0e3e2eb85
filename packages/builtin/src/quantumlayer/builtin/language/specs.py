"""The meaning of what is said of a field: types, bounds, lengths, forms, choices, defaults."""

from collections.abc import Callable
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.said import FieldSaid, Spec
from quantumlayer.builtin.language.tokens import Lexeme, atoms, number_of
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import snake

_BETWEEN_CHOICES = frozenset(("/", "|", ",", ";", "or", "or else", "and"))


def _flag(key: str, value: object = True) -> Callable[..., Spec]:
    return lambda *_: (key, value)


unique = _flag("unique")
not_unique = _flag("unique", False)
optional = _flag("optional")
required = _flag("optional", False)
fixed = _flag("fixed")
valid = _flag("valid")
true = _flag("constant", True)
false = _flag("constant", False)
today = _flag("constant", "today")
now = _flag("constant", "now")
positive = _flag("minimum", ("0", True))
not_negative = _flag("minimum", ("0", False))
future = _flag("direction", "future")
past = _flag("direction", "past")
past_or_today = _flag("direction", "past_or_today")
future_or_today = _flag("direction", "future_or_today")
TYPES = {f"t_{kind}": _flag("type", kind) for kind in FieldType}
TYPES["t_number"] = _flag("type", "number")


def number(lexeme: Lexeme) -> str:
    """A number as decimal text."""
    return number_of(lexeme)


def negative(lexeme: Lexeme) -> str:
    """A number below zero."""
    return f"-{number_of(lexeme)}"


def between(low: str, high: str, *_unit: Lexeme) -> Spec | None:
    """A range whose ends belong to it."""
    return ("range", (low, high)) if Decimal(low) <= Decimal(high) else None


def _bound(key: str, *, open_: bool) -> Callable[[str], Spec]:
    return lambda bound: (key, (bound, open_))


at_most = _bound("maximum", open_=False)
at_least = _bound("minimum", open_=False)
more_than = _bound("minimum", open_=True)
less_than = _bound("maximum", open_=True)


def measured(said: Spec, unit: Lexeme) -> Spec:
    """A bound in a unit, which is that of all that is said of a field."""
    return "measured", (said, unit.words)


def value(*words: Lexeme) -> str | None:
    """A choice: `in_progress`."""
    if any(word.kinds & {"DIGITS", "LETTERS", "CHARS", "UNIQUE"} for word in words):
        return None
    if any(word.led for word in words):
        return None
    if len(words) > 1 and ("GOES" in words[0].kinds or "BACK" in words[-1].kinds):
        return None
    return snake(atoms(words))


def choices(*said: str | Lexeme) -> Spec | None:
    """At least two different choices; after a comma a type or a usual name may be a field."""
    if any(isinstance(each, Lexeme) and each.led for each in said[1:]):
        return None
    words = [each if isinstance(each, str) else each.words for each in said]
    kept = tuple(snake(word.split()) for word in words if word not in _BETWEEN_CHOICES)
    if not len(set(kept)) == len(kept) > 1:
        return None
    doubtful = "," in words and any(_is_field(value) for value in kept)
    return "doubtful choices" if doubtful else "choices", kept


def _is_field(value: str) -> bool:
    words = tuple(value.split("_"))
    typed = any(kind.startswith("T_") for kind in VOCABULARY.kinds(words))
    return typed or (kinds.is_told(words) and kinds.kind_of(words) is not FieldType.BOOLEAN)


def word_constant(said: str) -> Spec:
    """A default in a word."""
    return "constant", said


def constant(said: object) -> object:
    """A default in digits."""
    return said if isinstance(said, tuple) else ("constant", said)


def default(said: Spec) -> Spec:
    """The value that is taken where none is given."""
    return "default", said[1]


def unit(*said: Lexeme) -> Spec:
    """ "in kg" says how a number is meant, and that it is one."""
    return "unit", said[-1].words if said else ""


def steps_said(said: tuple[tuple[str, ...], ...]) -> Spec:
    """ "new -> paid -> shipped or lost" as choices that are gone through."""
    return "steps", said


def _compared(operator: str) -> Callable[[FieldSaid], Spec]:
    return lambda said: ("compare", (operator, said.words))


after_field = _compared("greater")
before_field = _compared("less")
from_field = _compared("greater_or_equal")
until_field = _compared("less_or_equal")


def reference_to(*said: Lexeme) -> Spec | None:
    """A thing that the field points to, told where a type could stand."""
    if any(
        kind.startswith("T_") or kind in VOCABULARY.values for each in said for kind in each.kinds
    ):
        return None
    return "thing", atoms(said)
