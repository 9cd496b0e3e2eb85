"""Records that are only mentioned: nothing comes into being because a sentence speaks of it."""

from collections.abc import Iterator
from dataclasses import replace

from quantumlayer.builtin.language import asking, kinds
from quantumlayer.builtin.language.announcing import names_only
from quantumlayer.builtin.language.reading import Read, things_of
from quantumlayer.builtin.language.said import FieldSaid, Relation, Thing, Title
from quantumlayer.builtin.language.words import Words, noun, singular


def told_apart(reads: list[Read]) -> None:
    """Leaves for a refusal what has a word before declared records: "expensive items need …"."""
    declared = _declared(reads)
    for read in reads:
        for thing in read.things:
            tail = next(
                (
                    thing.words[at:]
                    for at in range(1, len(thing.words))
                    if thing.words[at:] in declared
                ),
                (),
            )
            tail = tail if thing.fields else ()
            before = thing.words[: len(thing.words) - len(tail)]
            if tail and not any(known[-len(before) :] == before for known in declared):
                read.drop(before)


def evident(reads: list[Read]) -> None:
    """Leaves for a refusal "license: MIT": a list of which no word tells that it has fields."""
    declared = _declared(reads)
    known: dict[Words, bool] = {}
    told_of = ((each, thing) for each in reads for thing in each.things)
    for said, thing in told_of:
        only = thing.fields[0] if len(thing.fields) == 1 else None
        counted = only is not None and len(only.words) == 1 and kinds.is_measured(only.words)
        paged = only is not None and counted and not only.specs
        told = not paged and any(
            _told(each, declared) or (thing.plural and _is_led(said, each)) for each in thing.fields
        )
        plain = not thing.listed and len(thing.fields) > 1
        known[thing.words] = known.get(thing.words, False) or told or plain or bool(thing.links)
    for read in reads:
        for thing in read.things:
            if thing.fields and not known[thing.words]:
                read.drop(thing.fields[0].words)
        for part in read.said:
            joined = part.fields if isinstance(part, Relation) and part.kind == "meets" else ()
            for each in joined:
                if not _told(each, declared):
                    read.drop(each.words)


def _is_led(read: Read, said: FieldSaid) -> bool:
    """Whether an article stands before a field: "polls have a question"."""
    before = [raw.atoms[0] for raw in read.statement.raws if raw.end <= said.start]
    return before[-1:] in (["a"], ["an"]) and len(said.words) < 3


def _told(said: FieldSaid, declared: set[Words]) -> bool:
    """Whether the name of a field, or what is said of it, tells what it holds."""
    named = bool(said.words) and (kinds.is_told(said.words) or _known(noun(said.words), declared))
    return named or bool(said.specs)


def only_heard_of(reads: list[Read], dates: frozenset[Words]) -> None:
    """Leaves for a refusal what joins records that no other statement tells of.

    "The code is on GitHub", "items are on sale", "show rooms on a map" declare nothing. Whoever
    does something with records that are declared ("customers own cars") may be known by that
    alone, and so may what other statements speak of too.
    """
    declared = _declared(reads)
    phrases = [_phrase(read) for read in reads]
    for at, read in enumerate(reads):
        others = phrases[:at] + phrases[at + 1 :]
        mentions = list(_mentioned(read, dates))
        unknown = [each for each in mentions if not _known(each[0], declared)]
        anchored = len(unknown) < len(mentions) or any(thing.fields for thing in read.things)
        for words, acts in unknown:
            again = any(f" {' '.join(words)} " in phrase for phrase in others)
            if not anchored or not (acts or again):
                read.drop(words)


def kept_at_places(reads: list[Read]) -> None:
    """Takes the place of which alone others are kept for the application: "a hotel has rooms …"."""
    for at, read in enumerate(reads):
        if len(read.said) != 1 or not names_only(reads[:at]):
            continue
        part, declared = read.said[0], _declared(reads)
        if isinstance(part, Relation) and part.kind == "has_many" and part.other.fields:
            place = part.one
            if place.plural or place.words in declared or place.words[-1] not in asking.PLACES:
                continue
            named = next(raw for raw in read.statement.raws if raw.atoms[-1] == place.words[-1])
            title = Title(place.words, read.statement.start, named.end)
            read.said = title, replace(part.other, fields=(*part.other.fields, *part.fields))


def _known(words: Words, declared: set[Words]) -> bool:
    return any(known[-len(words) :] == words for known in declared)


def _phrase(read: Read) -> str:
    atoms = (singular(atom) for raw in read.statement.raws for atom in raw.atoms)
    return f" {' '.join(atoms)} "


def _declared(reads: list[Read]) -> set[Words]:
    """What is said to have fields, or stands in a list of what is kept."""
    found = {
        part.other.words
        for read in reads
        for part in read.said
        if isinstance(part, Relation) and part.kind != "meets" and part.fields
    }
    return found | {
        thing.words
        for read in reads
        for part in read.said
        for thing in things_of(part)
        if thing.fields or (isinstance(part, Thing) and (len(read.said) > 1 or not thing.links))
    }


def _mentioned(read: Read, dates: frozenset[Words]) -> Iterator[tuple[Words, bool]]:
    """The records that a statement speaks of without their fields, and whether that may do."""
    for part in read.said:
        for thing in things_of(part):
            if not thing.fields:
                acts = part.one is thing if isinstance(part, Relation) else thing.verbal
                yield thing.words, acts and thing.plural
            for link in thing.links:
                if link.words not in dates and link.role != "moment":
                    yield link.words, link.firm and bool(thing.fields)
