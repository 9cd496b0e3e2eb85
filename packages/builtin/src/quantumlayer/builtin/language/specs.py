"""The meaning of what is said of a field: types, bounds, lengths, forms, choices, defaults."""

from collections.abc import Callable
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.said import FieldSaid, Spec
from quantumlayer.builtin.language.tokens import Lexeme, number_of
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import snake

_BETWEEN_CHOICES = frozenset(("/", "|", ",", ";", "or", "or else", "and"))
_NO_THINGS = frozenset(
    (
        "UNIT",
        "FORMAT",
        "VALID",
        "DEFAULT",
        "TODAY",
        "NOW",
        "CHARS",
        "DIGITS",
        "LETTERS",
        "UPPER",
        "LOWER",
        "DASHES",
        "POSITIVE",
    )
)


def _flag(key: str, value: object = True) -> Callable[..., Spec]:
    return lambda *_: (key, value)


unique = _flag("unique")
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
t_text = _flag("type", FieldType.TEXT)
t_long_text = _flag("type", FieldType.LONG_TEXT)
t_integer = _flag("type", FieldType.INTEGER)
t_decimal = _flag("type", FieldType.DECIMAL)
t_boolean = _flag("type", FieldType.BOOLEAN)
t_date = _flag("type", FieldType.DATE)
t_time = _flag("type", FieldType.TIME)
t_datetime = _flag("type", FieldType.DATETIME)
t_email = _flag("type", FieldType.EMAIL)
t_url = _flag("type", FieldType.URL)
t_phone = _flag("type", FieldType.PHONE)
t_number = _flag("type", "number")
t_tags = _flag("type", FieldType.TAGS)


def number(lexeme: Lexeme) -> str:
    """A number as decimal text."""
    return number_of(lexeme)


def negative(lexeme: Lexeme) -> str:
    """A number below zero."""
    return f"-{number_of(lexeme)}"


def between(low: str, high: str, *_unit: Lexeme) -> Spec | None:
    """A range whose ends belong to it."""
    return ("range", (low, high)) if Decimal(low) <= Decimal(high) else None


def at_most(bound: str, *_unit: Lexeme) -> Spec:
    """A highest value."""
    return "maximum", (bound, False)


def at_least(bound: str, *_unit: Lexeme) -> Spec:
    """A lowest value."""
    return "minimum", (bound, False)


def more_than(bound: str, *_unit: Lexeme) -> Spec:
    """A value that is not reached from above."""
    return "minimum", (bound, True)


def less_than(bound: str, *_unit: Lexeme) -> Spec:
    """A value that is not reached from below."""
    return "maximum", (bound, True)


def passed(said: Spec) -> Spec:
    """What stands in another form already."""
    return said


def value(*words: Lexeme) -> str | None:
    """A choice: `in_progress`."""
    if any(word.kinds & {"DIGITS", "LETTERS", "CHARS", "UNIQUE"} for word in words):
        return None
    if any(word.led for word in words):
        return None
    if len(words) > 1 and ("GOES" in words[0].kinds or "BACK" in words[-1].kinds):
        return None
    return snake(atom for word in words for atom in word.atoms)


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


def step(*values: str) -> tuple[str, ...]:
    """The values that one step leads to."""
    return values


def arrows(*each: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The steps of a life, in order."""
    return each


steps = arrows


def steps_as_arrows(said: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Steps that are joined by arrows."""
    return said


def steps_said(said: tuple[tuple[str, ...], ...]) -> Spec:
    """ "new -> paid -> shipped or lost" as choices that are gone through."""
    return "steps", said


def after_field(said: FieldSaid) -> Spec:
    """Later than another field of the record."""
    return "compare", ("greater", said.words)


def before_field(said: FieldSaid) -> Spec:
    """Earlier than another field of the record."""
    return "compare", ("less", said.words)


def from_field(said: FieldSaid) -> Spec:
    """Not earlier than another field of the record."""
    return "compare", ("greater_or_equal", said.words)


def until_field(said: FieldSaid) -> Spec:
    """Not later than another field of the record."""
    return "compare", ("less_or_equal", said.words)


def reference_to(*said: Lexeme) -> Spec | None:
    """A thing that the field points to, told where a type could stand."""
    if any(kind.startswith("T_") or kind in _NO_THINGS for each in said for kind in each.kinds):
        return None
    return "thing", tuple(atom for each in said for atom in each.atoms)
