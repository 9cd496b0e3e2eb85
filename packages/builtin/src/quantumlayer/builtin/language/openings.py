"""The meaning of openings: what the application is called, and what is asked for with it."""

from quantumlayer.builtin.language.asking import APPLICATIONS
from quantumlayer.builtin.language.declaring import atoms, described_in_list
from quantumlayer.builtin.language.said import FieldSaid, Part, Relation, Said, Thing, Title
from quantumlayer.builtin.language.tokens import Lexeme
from quantumlayer.builtin.language.words import is_plural


def title(*said: Lexeme) -> Title | None:
    """The application's name in the user's words; "manage …" asks and names nothing."""
    if all(each.words in APPLICATIONS for each in said):
        return Title((), said[0].start, said[0].start)
    if said[0].kinds & {"TRACK", "WISH"}:
        return None
    return Title(atoms(said), said[0].start, said[-1].end)


def titled(*said: object) -> Said | None:
    """An opening that names the application only."""
    first = said[0] if said and isinstance(said[0], Title) else None
    if first is None:
        words = tuple(each for each in said if isinstance(each, Lexeme))
        named = title(*words) if words else None
        if named is None:
            return None if words else ("nothing",)
        return (named,)
    more = tuple(each for each in said[1:] if isinstance(each, Lexeme))
    last = more[-1].end if more else first.end
    return (Title((*first.words, *atoms(more)), first.start, last),)


def titled_things(*said: object) -> Said:
    """A name, and things."""
    named = titled(*(each for each in said if isinstance(each, Title | Lexeme))) or ()
    rest = tuple(part for each in said if isinstance(each, tuple) for part in each)
    relation = tuple(each for each in said if isinstance(each, Relation))
    return (*named, *rest, *relation)


def titled_by_comma(*said: object) -> Said | None:
    """A name and things, told apart by a comma only: "hotel rooms, guests" are two things."""
    named = next(each for each in said if isinstance(each, Title))
    return None if named.words and is_plural(named.words[-1]) else titled_things(*said)


def titled_colon(said: Title, thing: Thing, listed: tuple[FieldSaid, ...]) -> Said | None:
    """ "CRUD API for contacts: first name, …"."""
    if not thing.plural:
        return None
    return said, described_in_list(thing, listed)


def request(*_: object) -> str:
    """ "I need to store …" """
    return "request"


def requested(*parts: object) -> Said:
    """What was asked for, without the asking."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, tuple):
            found += part
        elif isinstance(part, Relation):
            found.append(part)
    return tuple(found)


def so_that(*_: object) -> str:
    """ "… so that I can find them"."""
    return "purpose"
