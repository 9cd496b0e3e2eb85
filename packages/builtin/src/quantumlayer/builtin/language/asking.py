"""What no service of this model does, told by the words that ask for it."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from quantumlayer.builtin.language.vocabulary import VOCABULARY

_TABLE: dict[str, Any] = tomllib.loads((files(__package__) / "refused.toml").read_text("utf-8"))
_NAMES = _TABLE["names"]
_KINDS = tomllib.loads((files(__package__) / "kinds.toml").read_text("utf-8"))
_NEVER_NAMED = frozenset(_NAMES["never"].split())
_ENDINGS = {ending: frozenset(cell.split()) for ending, cell in _NAMES["endings"].items()}
_ENDINGS["ed"] |= {*_KINDS["boolean"].split(), *_KINDS["later"].split()}
COMPOUNDS = frozenset(_NAMES["compounds"].split())
PROTOCOL = frozenset(_NAMES["protocol"].split())
APPLICATIONS = VOCABULARY.applications
SERVICES = frozenset(_NAMES["services"].split()) | APPLICATIONS
OWNERS = frozenset(_NAMES["owners"].split())
PREPOSITIONS = frozenset(("for", "of", "in", "at", "to", "from"))
DESCRIBING = frozenset(_NAMES["describing"].split())
FILES = frozenset(_NAMES["files"].split())

_AFTER_DEEDS = frozenset(("at", "on", "by", "date"))
UNCLEAR = "it is not known what this word asks for"


@dataclass(frozen=True, slots=True)
class Group:
    """Words that ask for one thing, and what can be done instead of it."""

    asks: str
    instead: str
    kept: bool

    @property
    def reason(self) -> str:
        """What is said of such a word."""
        return self.told("this")

    def told(self, what: str) -> str:
        """What is said of words that ask for it."""
        return f"{what} asks for {self.asks}, which no service of this model has"


def _groups() -> tuple[dict[str, Group], ...]:
    named: dict[str, Group] = {}
    spoken: dict[str, Group] = {}
    titled: dict[str, Group] = {}
    for each in _TABLE["group"]:
        group = Group(each["asks"], each["instead"], each.get("kept", False))
        named |= dict.fromkeys(each["words"].split(), group)
        spoken |= dict.fromkeys(each.get("spoken", "").split(), group)
        titled |= dict.fromkeys(each.get("titles", "").split(), group)
    return named, spoken, titled


_NAMED, _SPOKEN, _TITLED = _groups()
_LONGEST = 3


def never_kept(word: str) -> Group | None:
    """What a word of a name asks for."""
    return _NAMED.get(word)


def never_titled(word: str) -> Group | None:
    """What a word of an application's name asks for."""
    return _NAMED.get(word) or _TITLED.get(word)


def asked_by(words: Sequence[str]) -> tuple[str, Group] | None:
    """The words of a sentence that ask most plainly for what no service does."""
    parts = [words[at : at + count] for at in range(len(words)) for count in range(_LONGEST, 0, -1)]
    for table in (_NAMED, _SPOKEN):
        for said in parts:
            written = "-".join(said)
            group = table.get(written) or table.get(written.lower())
            if group is not None:
                return " ".join(said), group
    return None


def odd(word: str, following: tuple[str, ...] = ()) -> str | None:
    """Why a word is no part of a name."""
    return "this word names nothing" if word in _NEVER_NAMED else unclear(word, following)


def unclear(word: str, following: tuple[str, ...] = ()) -> str | None:
    """Why the form of a word asks for more than a name: "encrypted", but not "planted on"."""
    for ending, known in _ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending) + 1 and word not in known:
            moment = ending == "ed" and following and following[0] in _AFTER_DEEDS
            return None if moment else UNCLEAR
    return None
