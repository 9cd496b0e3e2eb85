"""What a field holds, told by its name where nothing else is said; docs name it as a decision."""

import tomllib
from importlib.resources import files

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language.words import Words, is_plural

_TABLE = tomllib.loads((files(__package__) / "kinds.toml").read_text("utf-8"))
_BY_LAST_WORD = {
    word: kind for kind in FieldType if kind in _TABLE for word in str(_TABLE[kind]).split()
}
_MEASURED = frozenset(str(_TABLE["measured"]).split())
_BY_LAST_WORD |= dict.fromkeys((*_MEASURED, *str(_TABLE["counted"]).split()), FieldType.INTEGER)
_REFUSED = {word: what for what, cell in _TABLE["refused"].items() for word in cell.split()}
COMPUTED = frozenset(_TABLE["refused"]["something computed"].split())
_EXTREMES = frozenset(("max", "min", "maximum", "minimum"))
_COUNTING = _EXTREMES | {"total"}
_MOMENTS = ("start", "end", "departure", "arrival", "entry", "exit", "created")
_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}
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
    (("opening", "hours"), FieldType.TEXT),
    *(((each, "size"), FieldType.INTEGER) for each in ("party", "group", "team", "family")),
    *(((each, "time"), FieldType.DATETIME) for each in _MOMENTS),
)
_BEGINNINGS: tuple[tuple[Words, FieldType], ...] = (
    *(((each,), FieldType.BOOLEAN) for each in ("is", "has", "was", "can", "in")),
    (("number", "of"), FieldType.INTEGER),
)
_WITHIN = {"price": FieldType.DECIMAL, "phone": FieldType.PHONE}


def kind_of(words: Words) -> FieldType:
    """The type that a field's name speaks for; text when nothing else does."""
    if "per" in words[1:-1]:
        return FieldType.DECIMAL
    told = [kind for start, kind in _BEGINNINGS if words[: len(start)] == start]
    if words[0] in _EXTREMES and len(words) > 1:
        told.append(number_kind(words[1:]))
    if words[-1] in _EXTREMES | {"from", "to"} and len(words) > 1:
        told.append(kind_of(words[:-1]))
    if words[0] == "total" and is_plural(words[-1]) and words[-1] not in _BY_LAST_WORD:
        told.append(FieldType.INTEGER)
    told += [kind for end, kind in _ENDINGS if words[-len(end) :] == end]
    told += [kind for word, kind in _WITHIN.items() if word in words]
    if len(words) > 1 and told:
        return told[0]
    return _BY_LAST_WORD.get(words[-1], FieldType.TEXT)


def is_told(words: Words) -> bool:
    """Whether the name tells what a field holds: a "number" is never a record."""
    return words[-1] in _BY_LAST_WORD or kind_of(words) is not FieldType.TEXT


def number_kind(words: Words) -> FieldType:
    """The type of a number whose name may tell which."""
    kind = kind_of(words)
    return kind if kind is FieldType.DECIMAL else FieldType.INTEGER


def is_number(words: Words) -> bool:
    """Whether the name speaks for a number."""
    return kind_of(words) in _NUMBERS


def is_chosen(words: Words) -> bool:
    """Whether a field of this name may be one of several types: "type (text, number)"."""
    return _of("chosen", words[-1])


def number_of_unit(unit: str) -> FieldType:
    """The type of what is counted or measured in a unit: whole days, broken kilograms."""
    return _BY_LAST_WORD.get(unit, FieldType.DECIMAL)


def tells_state(value: str) -> bool:
    """Whether a word says how far something has come: "paid", "draft"."""
    return _BY_LAST_WORD.get(value) is FieldType.BOOLEAN or _of("conditions", value)


def is_measured(words: Words) -> bool:
    """Whether a plural is a number by its name: "pages", "max guests", "number of rooms"."""
    told = words[0] in _COUNTING or words[:2] == ("number", "of") or "number" in words[:2]
    return words[-1] in _MEASURED or (told and len(words) > 1) or words[-1] == "hours"


def is_never_negative(words: Words) -> bool:
    """Whether a number of this name is never below zero."""
    return any(_of("not_negative", word) for word in words)


def is_optional(words: Words) -> bool:
    """Whether a field of this name may be left out where nothing is said."""
    happens_later = _of("later", words[0]) and kind_of(words) in _DATES
    return _of("optional", words[-1]) or happens_later


def is_limit(words: Words) -> bool:
    """Whether the name is that of a bound: "max number of students"."""
    return words[0] in _EXTREMES


def refused(words: Words) -> str:
    """What a field of this name asks for that none keeps, told by its last word or a secret."""
    secrets = (word for word in words[:-1] if word in _TABLE["refused"]["a secret"].split())
    return next((_REFUSED[word] for word in (words[-1], *secrets) if word in _REFUSED), "")


def is_later(words: Words) -> bool:
    """Whether a moment of this name comes after the record was made."""
    return _of("later", words[0])


def is_created(words: Words) -> bool:
    """Whether a moment is that at which the record is made."""
    return _of("created", words[0]) and kind_of(words) in {FieldType.DATE, FieldType.DATETIME}


def is_start(words: Words) -> bool:
    """Whether a moment of this name is a start."""
    return any(_of("starts", word) for word in words)


def is_end(words: Words) -> bool:
    """Whether a moment of this name is an end."""
    return any(_of("ends", word) for word in words)


def are_paired(one: str, other: str) -> bool:
    """Whether two words share the noun that follows: "first and last name"."""
    return _of("paired", one) and _of("paired", other)


def is_state(words: Words) -> bool:
    """Whether a choice of this name begins with its first value."""
    return _of("states", words[-1])
