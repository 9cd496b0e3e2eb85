"""The meaning of openings: what the application is called, and what is asked for with it."""

from collections.abc import Iterable

from quantumlayer.builtin.language.declaring import described_in_list
from quantumlayer.builtin.language.said import FieldSaid, Part, Relation, Said, Thing, Title
from quantumlayer.builtin.language.tokens import Lexeme, atoms
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import is_plural
from quantumlayer.qlayer.requirements import Language

JAVASCRIPT = frozenset(("javascript", "node", "node.js", "nodejs"))


def title(*said: Lexeme) -> Title | None:
    """The application's name in the user's words; "manage …" asks and names nothing."""
    written = _written(said)
    named = tuple(each for each in said if not each.kinds & {"LANGUAGE"} or "WORD" in each.kinds)
    if all(each.words in VOCABULARY.applications for each in named):
        return Title((), said[0].start, said[0].start, written)
    if said[0].kinds & {"TRACK", "WISH"}:
        return None
    return Title(atoms(named), said[0].start, named[-1].end, written)


def written(*said: Lexeme) -> Said | None:
    """ "Write it in Python.", wherever it is said."""
    return tuple(_written(said)) or None


def _written(said: Iterable[Lexeme]) -> frozenset[Language]:
    """The languages that words name, FastAPI's and Node's too."""
    named = [{*each.atoms} for each in said if each.kinds & {"LANGUAGE", "WRITTEN"}]
    return frozenset(
        Language.JAVASCRIPT if words & JAVASCRIPT else Language.PYTHON for words in named
    )


def titled(*said: Title | Lexeme) -> Said | None:
    """An opening that names the application only."""
    words = tuple(each for each in said if isinstance(each, Lexeme))
    if isinstance(said[0], Title):
        more = said[0].written | _written(words)
        return (Title((*said[0].words, *atoms(words)), said[0].start, words[-1].end, more),)
    named = title(*words)
    return None if named is None else (named,)


def opening(*parts: object) -> Said:
    """What is asked for, after the name if there is one, without the asking."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, Title | Thing | Relation):
            found.append(part)
        elif isinstance(part, tuple):
            found += part
    return tuple(found)


def request(*_: object) -> str:
    """ "I need to store …" """
    return "request"


def titled_by_comma(said: Title, things: Said) -> Said | None:
    """A name and things, told apart by a comma only: "hotel rooms, guests" are two things."""
    return None if said.words and is_plural(said.words[-1]) else (said, *things)


def titled_colon(said: Title, thing: Thing, listed: tuple[FieldSaid, ...]) -> Said | None:
    """ "CRUD API for contacts: first name, …"."""
    return (said, described_in_list(thing, listed)) if thing.plural else None
