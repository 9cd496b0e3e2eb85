"""What no service of this model does, told by the words that ask for it."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from quantumlayer.builtin.language import kinds

TABLE: dict[str, Any] = tomllib.loads((files(__package__) / "refused.toml").read_text("utf-8"))
_NEVER = frozenset(TABLE["names"]["never"].split())
_ATTRIBUTES = kinds.COMPUTED | frozenset(TABLE["names"]["attributes"].split())
_ENDINGS = tuple(TABLE["names"]["endings"].split())
_STATES = frozenset(TABLE["names"]["states"].split())
_PLAIN = frozenset(TABLE["names"]["plain"].split())
RECORDS = frozenset(TABLE["names"]["records"].split())
PLACES = frozenset(TABLE["titles"]["places"].split())
UNCLEAR = "it is not known what this word asks for"
_LONGEST = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Words that ask for one thing, and what can be done instead of it."""

    asks: str
    instead: str

    def told(self, what: str = "this") -> str:
        """What is said of words that ask for it."""
        return f"{what} asks for {self.asks}, which no service of this model has"


def _groups(key: str) -> dict[str, Group]:
    return {
        word: Group(each["asks"], each["instead"])
        for each in TABLE["group"]
        for word in each.get(key, "").split()
    }


_NAMED, _SPOKEN = _groups("words"), _groups("spoken")


def never_kept(words: Sequence[str], *, least: int) -> Group | None:
    """What the last words of a name ask for, so many at least."""
    longest = min(_LONGEST, len(words))
    endings = ("-".join(words[-count:]) for count in range(longest, least - 1, -1))
    return next((_NAMED[each] for each in endings if each in _NAMED), None)


def asked_by(words: Sequence[str], *, named: bool = False) -> tuple[str, Group] | None:
    """The words of a sentence, or of a name, that ask most plainly for what no service does."""
    parts = [words[at : at + count] for at in range(len(words)) for count in range(_LONGEST, 0, -1)]
    for table in (_NAMED,) if named else (_NAMED, _SPOKEN):
        for said in parts:
            written = "-".join(said)
            group = table.get(written) or table.get(written.lower())
            if group is not None:
                return " ".join(said), group
    return None


def names_nothing(word: str) -> bool:
    """Whether a word is no part of a name."""
    return word in _NEVER


def is_attribute(word: str) -> bool:
    """Whether a word before others asks for more than that something is kept."""
    return word in _ATTRIBUTES


def looks_asked(word: str) -> bool:
    """Whether the form of a word before others asks for something: "encrypted", "searchable"."""
    return word in _STATES or (word.endswith(_ENDINGS) and word not in _PLAIN)
