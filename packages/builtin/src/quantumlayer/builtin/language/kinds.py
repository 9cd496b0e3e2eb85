"""What a field holds, told by its name where nothing else is said; docs name it as a decision."""

import tomllib
from importlib.resources import files

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language.words import Words, is_plural

_TABLE = tomllib.loads((files(__package__) / "kinds.toml").read_text("utf-8"))
_BY_LAST_WORD = {
    word: kind for kind in FieldType if kind in _TABLE for word in str(_TABLE[kind]).split()
}
REFUSED = {word: what for what, cell in _TABLE["refused"].items() for word in cell.split()}
_PERIODS = {("per", "hour"), ("per", "night"), ("per", "day"), ("per", "month")}
_EXTREMES = frozenset(("max", "min", "maximum", "minimum"))
_MOMENTS = ("start", "end", "departure", "arrival", "entry", "exit", "created")
_DATES = {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}


def _of(key: str, word: str) -> bool:
    return word in str(_TABLE[key]).split()


_ENDINGS: tuple[tuple[Words, FieldType], ...] = (
    (("date", "time"), FieldType.DATETIME),
    (("of", "birth"), FieldType.DATE),
    (("email", "address"), FieldType.EMAIL),
    (("mail", "address"), FieldType.EMAIL),
    (("at",), FieldType.DATETIME),
    (("on",), FieldType.DATE),
    (("date",), FieldType.DATE),
    (("day",), FieldType.DATE),
    (("address",), FieldType.TEXT),
    *(((each, "size"), FieldType.INTEGER) for each in ("party", "group", "team", "family")),
    *(((each, "time"), FieldType.DATETIME) for each in _MOMENTS),
    *((period, FieldType.DECIMAL) for period in _PERIODS),
)
_BEGINNINGS: tuple[tuple[Words, FieldType], ...] = (
    *(((each,), FieldType.BOOLEAN) for each in ("is", "has", "was", "can")),
    (("number", "of"), FieldType.INTEGER),
)
_WITHIN = {"price": FieldType.DECIMAL, "phone": FieldType.PHONE}


def kind_of(words: Words) -> FieldType:
    """The type that a field's name speaks for; text when nothing else does."""
    told = [kind for start, kind in _BEGINNINGS if words[: len(start)] == start]
    if words[0] in _EXTREMES and len(words) > 1:
        told.append(number_kind(words[1:]))
    if words[0] == "total" and is_plural(words[-1]) and words[-1] not in _BY_LAST_WORD:
        told.append(FieldType.INTEGER)
    told += [kind for end, kind in _ENDINGS if words[-len(end) :] == end]
    told += [kind for word, kind in _WITHIN.items() if word in words]
    if len(words) > 1 and told:
        return told[0]
    return _BY_LAST_WORD.get(words[-1], FieldType.TEXT)


def number_kind(words: Words) -> FieldType:
    """The type of a number whose name may tell which."""
    kind = kind_of(words)
    return kind if kind is FieldType.DECIMAL else FieldType.INTEGER


def is_never_negative(words: Words) -> bool:
    """Whether a number of this name is never below zero."""
    return any(_of("not_negative", word) for word in words)


def is_optional(words: Words) -> bool:
    """Whether a field of this name may be left out where nothing is said."""
    happens_later = _of("later", words[0]) and kind_of(words) in _DATES
    return _of("optional", words[-1]) or happens_later


def is_created(words: Words) -> bool:
    """Whether a moment is that at which the record is made."""
    return _of("created", words[0]) and kind_of(words) in {FieldType.DATE, FieldType.DATETIME}


def is_state(words: Words) -> bool:
    """Whether a choice of this name begins with its first value."""
    return _of("states", words[-1])
