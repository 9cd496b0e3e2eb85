"""English nouns as names: singular and plural, and the spellings that programs use."""

import keyword
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

Words = tuple[str, ...]
"""A noun phrase in lower case, its head last and in the singular: ("loan", "item")."""

_TABLE: dict[str, Any] = tomllib.loads((files(__package__) / "nouns.toml").read_text("utf-8"))
_PLURAL: dict[str, str] = dict(str(pair).split() for pair in _TABLE["irregular"])
_SINGULAR = {many: one for one, many in _PLURAL.items()}
_SINGULAR |= dict(str(pair).split() for pair in _TABLE["also"])
_UNCOUNTABLE = frozenset(_TABLE["uncountable"].split())
_RESERVED_FIELDS = frozenset(_TABLE["reserved_fields"].split()) | frozenset(keyword.kwlist)
_RESERVED_ENTITIES = frozenset(_TABLE["reserved_entities"].split())
_ONE_IN_S = frozenset(f"{_TABLE['singular_as']} {_TABLE['singular_ics']}".split())
_MANY_IN_US = frozenset(_TABLE["plural_us"].split())
_COMPOUNDS = {"people": "person", "men": "man", "women": "woman", "children": "child"}


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """The singular of one lower-case word; a singular word comes back unchanged."""
    if word in _PLURAL or word in _UNCOUNTABLE or len(word) < 3:
        return word
    if word in _SINGULAR:
        return str(_SINGULAR[word])
    for many, one in _COMPOUNDS.items():
        if word.endswith(many):
            return word.removesuffix(many) + one
    one_in_us = word.endswith("us") and word not in _MANY_IN_US
    if word in _ONE_IN_S or one_in_us or not word.endswith("s") or word.endswith(("ss", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")) else word[:-1]


def plural(word: str) -> str:
    """The plural of one lower-case singular word; a plural word comes back unchanged."""
    if word in _PLURAL:
        return str(_PLURAL[word])
    if word in _UNCOUNTABLE or is_plural(word):
        return word
    for many, one in _COMPOUNDS.items():
        if word.endswith(one) and word not in {"human", "german", "roman", "talisman"}:
            return word.removesuffix(one) + many
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def is_plural(word: str) -> bool:
    """Whether a lower-case word is a plural that differs from its singular."""
    return singular(word) != word


def noun(words: Iterable[str]) -> Words:
    """A noun phrase with its head in the singular."""
    phrase = tuple(words)
    return (*phrase[:-1], singular(phrase[-1]))


def many(words: Words) -> Words:
    """A noun phrase with its head in the plural."""
    return (*words[:-1], plural(words[-1]))


def snake(words: Iterable[str]) -> str:
    """`due_date`: the words joined by underscores, never beginning with a digit."""
    name = "_".join(words)[:60].rstrip("_")
    return f"n{name}" if name[:1].isdigit() else name


def field_name(words: Words) -> str:
    """The safe name of a field that is no reference: `from_value` for "from"."""
    name = snake(words)
    return f"{name}_value" if name in _RESERVED_FIELDS else name


def entity_name(words: Words) -> str:
    """The safe name of an entity: `LoanItem`, `ClassRecord` for "class"."""
    name = "".join(word.capitalize() for word in words)[:56]
    name = f"N{name}" if name[:1].isdigit() else name
    return f"{name}Record" if name in _RESERVED_ENTITIES or keyword.iskeyword(name) else name


def collection_name(words: Words) -> str:
    """`loan_items`; an uncountable noun gets `_records`, so that both names always differ."""
    collection = many(words)
    return snake(collection) if collection != words else f"{snake(words)}_records"


def title(words: Iterable[str]) -> str:
    """The words as a person writes them at the start of a sentence."""
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def article(phrase: str) -> str:
    """The phrase with its indefinite article: "a book", "an order", "an hour", "a user"."""
    low = phrase.lower()
    vowel = low[:1] in tuple("aeiou") and not low.startswith(("uni", "use", "usa", "eu", "one"))
    vowel = vowel or low.startswith(("hour", "heir", "honest"))
    return f"{'an' if vowel else 'a'} {phrase}"


def listed(parts: Iterable[str], joint: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    *most, last = parts
    return f"{', '.join(most)} {joint} {last}" if most else last
