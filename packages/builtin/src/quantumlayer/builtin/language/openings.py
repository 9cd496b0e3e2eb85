"""The meaning of openings: what the application is called, and what is asked for with it."""

from quantumlayer.builtin.language.declaring import described_in_list
from quantumlayer.builtin.language.said import FieldSaid, Part, Relation, Said, Thing, Title
from quantumlayer.builtin.language.tokens import Lexeme, atoms
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import is_plural


def title(*said: Lexeme) -> Title | None:
    """The application's name in the user's words; "manage …" asks and names nothing."""
    if all(each.words in VOCABULARY.applications for each in said):
        return Title((), said[0].start, said[0].start)
    if said[0].kinds & {"TRACK", "WISH"}:
        return None
    return Title(atoms(said), said[0].start, said[-1].end)


def titled(*said: Title | Lexeme) -> Said | None:
    """An opening that names the application only."""
    words = tuple(each for each in said if isinstance(each, Lexeme))
    if isinstance(said[0], Title):
        return (Title((*said[0].words, *atoms(words)), said[0].start, words[-1].end),)
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
