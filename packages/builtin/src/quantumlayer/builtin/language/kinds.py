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
_DATES = {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}


def _of(key: str, word: str) -> bool:
    return word in str(_TABLE[key]).split()


def kind_of(words: Words) -> FieldType:  # noqa: PLR0911
    """The type that a field's name speaks for; text when nothing else does."""
    first, last = words[0], words[-1]
    if len(words) > 1:
        if first in {"is", "has", "was", "can"}:
            return FieldType.BOOLEAN
        if words[:2] == ("number", "of"):
            return FieldType.INTEGER
        if first in {"max", "min", "maximum", "minimum"}:
            kind = kind_of(words[1:])
            return kind if kind is FieldType.DECIMAL else FieldType.INTEGER
        if first == "total" and is_plural(last) and last not in _BY_LAST_WORD:
            return FieldType.INTEGER
        if last == "at" or words[-2:] == ("date", "time"):
            return FieldType.DATETIME
        if last == "on" or words[-2:] == ("of", "birth") or last in {"date", "day"}:
            return FieldType.DATE
        if last == "address":
            return FieldType.EMAIL if words[-2] in {"email", "mail"} else FieldType.TEXT
        if last == "size" and words[-2] in {"party", "group", "team", "class", "family", "batch"}:
            return FieldType.INTEGER
        if "price" in words or words[-2:] in _PERIODS:
            return FieldType.DECIMAL
        if "phone" in words:
            return FieldType.PHONE
        if last == "time" and first in {
            "start",
            "end",
            "departure",
            "arrival",
            "entry",
            "exit",
            "created",
        }:
            return FieldType.DATETIME
    return _BY_LAST_WORD.get(last, FieldType.TEXT)


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
