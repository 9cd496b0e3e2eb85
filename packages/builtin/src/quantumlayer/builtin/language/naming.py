"""The meaning of a field: its name with everything that is said of it, as far as that fits."""

from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.said import FieldSaid, Spec
from quantumlayer.builtin.language.tokens import Lexeme, atoms
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import Words, is_plural, singular

Specs = tuple[Spec, ...]

_DATE_TIMES = frozenset((("date", "and", "time"), ("date", "/", "time")))
_FORMS = frozenset(("T_EMAIL", "T_URL", "T_PHONE"))
_OF_A_FORM = {FieldType.EMAIL, FieldType.URL, FieldType.PHONE}
_NEVER_CHOSEN = {*_OF_A_FORM, FieldType.DATE, FieldType.DATETIME, FieldType.TIME, FieldType.TAGS}
_NO_NUMBERS = {*_OF_A_FORM, FieldType.TAGS, FieldType.BOOLEAN}
_BOUNDED = frozenset(("range", "minimum", "maximum", "unit"))
_BOUNDS = frozenset(("range", "minimum", "maximum", "length"))


def once_per(said: tuple[Words, ...]) -> FieldSaid:
    """ "once per user and photo": two records never share these."""
    return FieldSaid((), (("once_per", said),))


def once_keys(*said: Lexeme) -> tuple[Words, ...]:
    """The names of fields."""
    return tuple(each.atoms for each in said)


def name(*said: Lexeme) -> FieldSaid | None:
    """A field's name; "default done" is none."""
    formed = len(said) > 1 and "VALID" in said[0].kinds and said[1].kinds & _FORMS
    if formed or (len(said) > 1 and "DEFAULT" in said[0].kinds):
        return None
    if any(each.led for each in said[1:]):
        return None
    words = atoms(said)
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
    return FieldSaid(atoms(said), (), said[0].start, said[-1].end)


def name_per(*said: Lexeme) -> FieldSaid | None:
    """ "price per night"."""
    if VOCABULARY.kinds(said[0].atoms) & {"TOTAL", "AVERAGE", "COUNT", "MINIMUM_OF", "MAXIMUM_OF"}:
        return None
    return FieldSaid(atoms(said), (), said[0].start, said[-1].end)


def flag_on(said: Lexeme) -> FieldSaid:
    """ "Products … are active by default"."""
    specs = (("default", True), ("type", FieldType.BOOLEAN))
    return FieldSaid(said.atoms, specs, said.start, said.end)


def field(*parts: object) -> FieldSaid | None:
    """A field's name and everything said of it, once each."""
    named = next(part for part in parts if isinstance(part, FieldSaid))
    found = [part for part in parts if isinstance(part, tuple)]
    specs = [value[0] if key == "measured" else (key, value) for key, value in found]
    said: dict[str, Any] = dict(specs)
    if named.words[-1:] == ("in",) and specs:
        return None
    if (
        len(said) < len(specs)
        or not _in_one_unit(named.words, found)
        or not _fits(named.words, said)
    ):
        return None
    if named.words == ("id",):
        return FieldSaid(("id",))
    return FieldSaid(named.words, _lengths(said), named.start, named.end)


def _in_one_unit(words: Words, specs: list[Spec]) -> bool:
    """Whether a field is said to be in no more than one unit, by its name, its type or bounds."""
    units = {value[1] for key, value in specs if key == "measured"}
    units |= {value for key, value in specs if key == "unit"}
    units |= {words[-1]} if units and "UNIT" in VOCABULARY.kinds(words[-1:]) else set()
    return len({singular(unit) for unit in units if isinstance(unit, str)}) < 2


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
    return FieldSaid(atoms(said), (("many", True),))
