"""The meaning of declarations: things, their fields, and how they belong together."""

from collections.abc import Callable
from dataclasses import replace

from quantumlayer.builtin.language import specs
from quantumlayer.builtin.language.said import (
    FieldSaid,
    Link,
    Relation,
    Said,
    Thing,
)
from quantumlayer.builtin.language.tokens import Lexeme, atoms
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import Words, is_plural, noun

_DEEDS = {name for names in VOCABULARY.verbs.values() for name in names} | {
    "book",
    "play",
    "ride",
    "drive",
}
_SIDES = frozenset((("start",), ("end",)))


def subject(*said: Lexeme) -> Thing | None:
    """The name of a thing."""
    words = atoms(said)
    plural = is_plural(words[-1])
    timed = len(said) == 1 and said[0].kinds & {"T_DATE", "T_TIME", "T_DATETIME"}
    if timed or (words[-1] in VOCABULARY.applications and not plural) or not _is_name(said, words):
        return None
    return Thing(noun(words), plural=plural)


def _is_name(said: tuple[Lexeme, ...], words: Words) -> bool:
    """Whether the words are one noun phrase: no article, no verb of a table stands within."""
    first = VOCABULARY.kinds(said[0].atoms)
    asking = first & {"TRACK", "WISH", "SHOW", "TOTAL", "AVERAGE", "ANOTHER"} and len(said) > 1
    does = "LINK" in said[0].kinds and not {words[0], noun(words[:1])[0]} & _DEEDS
    within = any("LINK" in each.kinds and noun(each.atoms)[-1] not in _DEEDS for each in said[1:])
    return not (asking or does or within or any(each.led for each in said[1:]))


def target(*said: Lexeme) -> Link | None:
    """A thing that is pointed to; "one pet" is one, "two pets" is not."""
    numbers = [each for each in said if "NUMBER" in each.kinds and "WORD" not in each.kinds]
    if any(each.words not in {"1", "one"} for each in numbers):
        return None
    if "UNIT" in said[-1].kinds:
        return None
    named = tuple(each for each in said if each not in numbers)
    return Link(noun(atoms(named)), firm=said[0].led)


def single(*said: Lexeme) -> Link | None:
    """One of several things that are pointed to."""
    return None if is_plural(atoms(said)[-1]) else target(*said)


def points(*said: object) -> tuple[Link, ...]:
    """The things that are pointed to."""
    return tuple(link for each in said for link in (each if isinstance(each, tuple) else (each,)))


targets = points


def belongs(*said: object) -> tuple[Link, ...]:
    """ "belong to a customer and a restaurant"."""
    return tuple(replace(link, firm=True) for link in points(*said))


def links(*said: object) -> tuple[Link, ...] | None:
    """All that a thing belongs to; "from start to end" is an interval and nothing else."""
    found = points(*said)
    sides = any(not link.role and link.words in _SIDES for link in found)
    return None if sides or len(set(found)) < len(found) else found


def towards(said: Link) -> tuple[Link, ...] | None:
    """ "to a member"; "to date" is a name."""
    return None if said.words[-1] in {"date", "time", "day"} else (said,)


def _in_roles(*roles: str) -> Callable[[Link], tuple[Link, ...]]:
    return lambda said: tuple(Link(said.words, role) for role in roles)


two_of = _in_roles("first", "second")
departs = _in_roles("departure")
arrives = _in_roles("arrival")


def moment(*said: Lexeme) -> Words:
    """One end of an interval."""
    return atoms(said)


def interval(start: Words, end: Words) -> tuple[Link, ...] | None:
    """ "from date to date", "from start to end"."""
    kinds = {("date",), ("day",), ("time",), ("datetime",), ("timestamp",)}
    if start == end and start in kinds:
        kind = "date" if start == ("day",) else start[0]
        return Link(("start", kind), "moment"), Link(("end", kind), "moment")
    if start != end and start not in kinds and end not in kinds:
        return Link(start, "moment"), Link(end, "moment")
    return None


def described(*parts: object) -> Thing:
    """A thing with its fields and links."""
    thing = next(part for part in parts if isinstance(part, Thing))
    said = [part for part in parts if isinstance(part, tuple)]
    found = tuple(each for part in said for each in part if isinstance(each, FieldSaid))
    linked = tuple(each for part in said for each in part if isinstance(each, Link))
    return replace(thing, fields=found, links=linked)


def described_in_list(thing: Thing, listed: tuple[FieldSaid, ...]) -> Thing:
    """ "Guest: name, budget"."""
    return replace(thing, fields=listed, listed=True)


def described_in_one(thing: Thing, said: FieldSaid) -> Thing:
    """ "A post's slug must be unique": one field of a thing."""
    return replace(thing, fields=(said,))


def described_verbal(*parts: object) -> Thing:
    """A thing with links that a verb says: "tickets belong to an event"."""
    return replace(described(*parts), verbal=True)


def owning(owner: Thing, *said: object) -> Said | None:
    """ "Albums have a title and tracks with a length": the tracks are the albums'."""
    owned = next((part for part in said if isinstance(part, Thing)), None)
    if owned is None:
        return None
    thing = described(owner, *(part for part in said if part is not owned))
    return thing, Relation("has_many", Thing(owner.words), owned)


def owned_only(owner: Thing, owned: Thing, fields: tuple[FieldSaid, ...]) -> Said | None:
    """ "Tickets have messages with a text"."""
    told = described_plural(owned, fields)
    return None if told is None else (Relation("has_many", owner, told),)


def described_plural(*parts: object) -> Thing | None:
    """ "Rooms with a name": in the singular it would name the application."""
    thing = described(*parts)
    return thing if thing.plural else None


def things(*said: Thing | Said) -> Said | None:
    """Several things; those of which only the names are said are told of in the plural."""
    found = declaration(*said)
    plain = [part for part in found if isinstance(part, Thing) and not (part.fields or part.links)]
    return found if all(part.plural for part in plain) else None


def bare(*said: Thing) -> Said | None:
    """Things of which only the names are said; a name in the singular is no list of things."""
    return said if len(said) > 1 and all(each.plural for each in said) else None


def declaration(*said: object) -> Said:
    """A whole statement."""
    return tuple(part for each in said for part in (each if isinstance(each, tuple) else (each,)))


def nothing(*_: object) -> Said:
    """Words without content."""
    return ("nothing",)


def makes(*parts: object) -> Said:
    """ "Instructors create courses": what is made points to who makes it."""
    one, other = (part for part in parts if isinstance(part, Thing))
    more = next((part for part in parts if isinstance(part, tuple)), ())
    if more and isinstance(more[0], Link):
        other, more = replace(other, links=more), ()
    return (Relation("makes", one, other, "", more),)


def has_many(*parts: object) -> Said:
    """ "Courses contain lessons": the many point to the one."""
    return tuple(
        Relation("has_many", said.one, said.other, "", said.fields)
        for said in makes(*parts)
        if isinstance(said, Relation)
    )


def meets(*parts: object) -> Said | None:
    """ "Students enroll in courses": kept in a record of its own."""
    one, other = (part for part in parts if isinstance(part, Thing))
    verb = next(part for part in parts if isinstance(part, Lexeme))
    more = next((part for part in parts if isinstance(part, tuple)), ())
    return (Relation("meets", one, other, verb.words, more),)


def meets_many(*parts: object) -> Said:
    """ "A student can be in many groups": kept in a record of both."""
    one, other = (part for part in parts if isinstance(part, Thing))
    return (Relation("meets", one, other, ""),)


def scale(*parts: object) -> tuple[FieldSaid, ...] | None:
    """ "… with 1 to 10 stars"."""
    low, high = (part for part in parts if isinstance(part, str))
    word = next(part for part in parts if isinstance(part, Lexeme))
    said = specs.between(low, high)
    return None if said is None else (FieldSaid(word.atoms, (said,), word.start, word.end),)


def on_a_day(*_: object) -> tuple[FieldSaid, ...]:
    """ "… for a day"."""
    return (FieldSaid(("date",), (("type", "date"),)),)
