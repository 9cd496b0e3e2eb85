"""Openings: what the application is called, and what is kept, before that is told."""

from quantumlayer.builtin.language.draft import Draft
from quantumlayer.builtin.language.reading import Read, things_of
from quantumlayer.builtin.language.said import Title
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import is_plural, singular


def only_openings_lead(reads: list[Read]) -> None:
    """Leaves for a refusal what names the application anywhere but first, or announces too much.

    The first opening may be any name. One that asks to keep something, and all that follow it, may
    only speak of what is declared: else a list of wishes would pass as a list of names.
    """
    declared = _declared(reads)
    named: set[str] = set()
    leading = True
    for read in reads:
        said = [word for part in read.said if isinstance(part, Title) for word in part.words]
        if said and not (leading and _announces(read, said, declared, named)):
            read.said = ()
        leading = leading and names_only([read])
        named |= {singular(word) for word in said}


def names_only(reads: list[Read]) -> bool:
    """Whether nothing but the application is named."""
    return all(read.said and isinstance(part, Title | str) for read in reads for part in read.said)


def announced(reads: list[Read], draft: Draft) -> None:
    """Takes "an API that stores data of weather stations" for a name, if stations are declared.

    So is "we track pallets in our cold storage": where they are is no record.
    """
    for at, read in enumerate(reads):
        known = read.missing[-1:] in draft.entities or _is_place(read)
        if known and read.named and names_only(reads[:at]):
            read.said = read.named


def _is_place(read: Read) -> bool:
    """Whether what is not declared stands after "in" or "at"."""
    said = [raw.text.lower() for raw in read.statement.raws]
    first = next((at for at, word in enumerate(said) if word in read.missing), 0)
    before = said[max(first - 2, 0) : first]
    return not {"in", "at"}.isdisjoint(before)


def _declared(reads: list[Read]) -> set[str]:
    """The words of the names that are declared, in the singular."""
    things = [thing for read in reads for part in read.said for thing in things_of(part)]
    names = [thing.words for thing in things]
    names += [field.words for thing in things for field in thing.fields]
    return {singular(word) for name in names for word in name}


def _announces(read: Read, said: list[str], declared: set[str], named: set[str]) -> bool:
    """Whether an opening only says what the application is."""
    spoken = {kind for raw in read.statement.raws for kind in VOCABULARY.kinds(raw.atoms)}
    words = set(said) - VOCABULARY.applications
    unknown = {word for word in words if singular(word) not in declared | named}
    if not named and "TRACK" not in spoken and not read.statement.bullet:
        return True
    called = not names_only([read]) or any(
        raw.text.lower() in VOCABULARY.applications for raw in read.statement.raws
    )
    several = any(is_plural(word) for word in unknown)
    return not unknown or (called and not several) or (not named and unknown < words)
