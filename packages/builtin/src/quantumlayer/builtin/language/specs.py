"""The meaning of what is said of a field: types, bounds, lengths, forms, choices, defaults."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.said import FieldSaid, Spec
from quantumlayer.builtin.language.tokens import Lexeme, number_of
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import Words, is_plural, snake

Specs = tuple[Spec, ...]
_DATE_TIMES = frozenset((("date", "and", "time"), ("date", "/", "time")))
_OF_A_FORM = {FieldType.EMAIL, FieldType.URL, FieldType.PHONE}
_NEVER_CHOSEN = {*_OF_A_FORM, FieldType.DATE, FieldType.DATETIME, FieldType.TIME, FieldType.TAGS}
_PLACEHOLDERS = frozenset("YMDNXymdnx")
_NO_NUMBERS = {*_OF_A_FORM, FieldType.TAGS, FieldType.BOOLEAN}
_BOUNDED = frozenset(("range", "minimum", "maximum", "unit"))
_BETWEEN_CHOICES = frozenset(("/", "|", ",", ";", "or", "or else", "and"))
_BOUNDS = frozenset(("range", "minimum", "maximum", "length"))
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


def length_between(low: Lexeme, high: Lexeme) -> Spec | None:
    """Bounds of a text's length."""
    found = int(number_of(low)), int(number_of(high))
    return ("length", found) if found[0] <= found[1] else None


def length_at_most(high: Lexeme) -> Spec | None:
    """A greatest length, that leaves something to say."""
    return ("length", (None, int(number_of(high)))) if int(number_of(high)) else None


def length_at_least(low: Lexeme) -> Spec:
    """A smallest length."""
    return "length", (int(number_of(low)), None)


def length_exactly(exactly: Lexeme) -> Spec | None:
    """One length, that leaves something to say."""
    length = int(number_of(exactly))
    return ("length", (length, length)) if length else None


def passed(said: Spec) -> Spec:
    """What stands in another form already."""
    return said


def form_part(*said: Lexeme) -> str | None:
    """ "2 letters", "3-4 digits", "5 uppercase letters" as a piece of a pattern."""
    counts = [number_of(each) for each in said if "NUMBER" in each.kinds]
    kinds = {each.atoms[0] for each in said if "NUMBER" not in each.kinds}
    letters = "A-Za-z"
    if kinds & {"uppercase", "upper", "capital"}:
        letters = "A-Z"
    if kinds & {"lowercase", "lower"}:
        letters = "a-z"
    of = "0-9" if kinds & {"digit", "digits"} else letters
    if len(counts) == 2 and int(counts[0]) > int(counts[1]):
        return None
    return f"[{of}]{{{','.join(counts)}}}"


def form(*parts: object) -> Spec:
    """A pattern from its pieces."""
    said = "".join(str(part) for part in parts if isinstance(part, str))
    whole = next((part for part in parts if isinstance(part, tuple)), None)
    return whole if whole is not None else ("pattern", f"^{said}$")


def char_class(*said: Lexeme) -> str:
    """Letters, digits or dashes as the members of a character class."""
    words = {each.atoms[0] for each in said}
    if words & {"digit", "digits"}:
        return "0-9"
    if words & {"dashes", "hyphens", "dash", "hyphen"}:
        return "\\-"
    if words & {"underscores"}:
        return "_"
    if words & {"uppercase", "upper", "capital"}:
        return "A-Z"
    return "a-z" if words & {"lowercase", "lower"} else "A-Za-z"


def charset(*classes: str) -> Spec:
    """ "lowercase letters, digits and dashes"."""
    return "pattern", f"^[{''.join(dict.fromkeys(classes))}]+$"


def sample(example: Lexeme) -> Spec | None:
    """ "INV-0000": each letter stands for a letter, each digit for a digit."""
    text = str(example.referents.get("FORM", ("",))[0])
    if {sign for sign in text if sign.isalpha()} & _PLACEHOLDERS == {*filter(str.isalpha, text)}:
        return None if any(sign.isalpha() for sign in text) else _sampled(text)
    return _sampled(text)


def _sampled(text: str) -> Spec:
    groups: list[list[str | int]] = []
    for sign in text:
        kind = (
            "[0-9]"
            if sign.isdigit()
            else "[A-Z]"
            if sign.isupper()
            else "[a-z]"
            if sign.isalpha()
            else f"\\{sign}"
        )
        if groups and groups[-1][0] == kind:
            groups[-1][1] = int(groups[-1][1]) + 1
        else:
            groups.append([kind, 1])
    counted = (f"{kind}{{{count}}}" if int(count) > 1 else str(kind) for kind, count in groups)
    return "pattern", f"^{''.join(counted)}$"


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


def once_per(said: tuple[Words, ...]) -> FieldSaid:
    """ "once per user and photo": two records never share these."""
    return FieldSaid((), (("once_per", said),))


def once_keys(*said: Lexeme) -> tuple[Words, ...]:
    """The names of fields."""
    return tuple(each.atoms for each in said)


def name(*said: Lexeme) -> FieldSaid | None:
    """A field's name; "default done" is none."""
    if len(said) > 1 and said[0].kinds & {"DEFAULT", "VALID"}:
        return None
    if any(each.led for each in said[1:]):
        return None
    words = tuple(atom for each in said for atom in each.atoms)
    words = ("date", "time") if words in _DATE_TIMES else words
    words = words[:-1] if len(words) > 2 and words[-2:] == ("on", "date") else words
    return FieldSaid(words, (), said[0].start, said[-1].end)


def name_of(*said: Lexeme) -> FieldSaid | None:
    """ "date of birth"; "bookings of a room" is no field's name."""
    if (
        kinds.is_state(said[0].atoms)
        or is_plural(said[0].atoms[-1])
        or said[0].words in {"list", "set", "collection"}
    ):
        return None
    words = tuple(atom for each in said for atom in each.atoms)
    return FieldSaid(words, (), said[0].start, said[-1].end)


def name_per(*said: Lexeme) -> FieldSaid | None:
    """ "price per night"."""
    if VOCABULARY.kinds(said[0].atoms) & {"TOTAL", "AVERAGE", "COUNT", "MINIMUM_OF", "MAXIMUM_OF"}:
        return None
    atoms = tuple(atom for each in said for atom in each.atoms)
    return FieldSaid(atoms, (), said[0].start, said[-1].end) if kinds.is_number(atoms) else None


def field(*parts: object) -> FieldSaid | None:
    """A field's name and everything said of it, once each."""
    named = next(part for part in parts if isinstance(part, FieldSaid))
    specs = tuple(part for part in parts if isinstance(part, tuple))
    said: dict[str, Any] = dict(specs)
    if len(said) < len(specs) or not _fits(named.words, said):
        return None
    if named.words == ("id",):
        return FieldSaid(("id",))
    return FieldSaid(named.words, _lengths(said), named.start, named.end)


def _fits(words: Words, said: dict[str, Any]) -> bool:
    """Whether what is said goes together, and with the name; settles what was doubtful."""
    doubtful = said.pop("doubtful choices", None)
    if doubtful:
        said["choices"] = doubtful
    unclear = doubtful and not (kinds.is_chosen(words) or kinds.is_state(words))
    formless = said.pop("valid", False) and kinds.kind_of(words) not in _OF_A_FORM
    kind = kinds.kind_of(words)
    bounded = kind in _NO_NUMBERS and "type" not in said and said.keys() & _BOUNDED
    timed = kind in {FieldType.DATE, FieldType.DATETIME} and "unit" in said
    if (
        bounded
        or timed
        or {"pattern", "length"} <= said.keys()
        or ("steps" in said and kind in _NEVER_CHOSEN)
    ):
        return False
    if unclear or formless or ("thing" in said and ("type" in said or is_plural(words[-1]))):
        return False
    return "choices" not in said or (
        not said.keys() & {"type", "thing", "unit"} and _choosable(words, said["choices"])
    )


def _choosable(words: Words, values: Words) -> bool:
    """Whether a field of the name may be one of the values, and they are no types and no units."""
    if is_plural(words[-1]) or kinds.kind_of(words) in _NEVER_CHOSEN:
        return False
    said = [VOCABULARY.kinds(tuple(value.split("_"))) for value in values]
    measured = any("UNIT" in each for each in said) or any(
        value.startswith("in_") for value in values
    )
    return not (measured and kinds.is_number(words))


def _lengths(said: dict[str, Any]) -> Specs:
    """Bounds of a text are bounds of its length."""
    if said.get("type") is FieldType.TEXT and said.keys() & _BOUNDS:
        del said["type"]
        low, high = said.pop("range", (None, None))
        low = said.pop("minimum", (low, False))[0]
        high = said.pop("maximum", (high, False))[0]
        if (low, high) != (None, None):
            said["length"] = tuple(None if bound is None else int(bound) for bound in (low, high))
    return tuple(sorted(said.items()))


def optional_field(*parts: object) -> FieldSaid | None:
    """ "priority?: 1-5"."""
    return field(*parts, ("optional", True))


def many_field(*said: Lexeme) -> FieldSaid:
    """ "a list of ingredients": each of them points back."""
    return FieldSaid(tuple(atom for each in said for atom in each.atoms), (("many", True),))


def open_choices_field(*parts: object) -> FieldSaid | None:
    """ "a status: open, closed"."""
    return field(*parts)
