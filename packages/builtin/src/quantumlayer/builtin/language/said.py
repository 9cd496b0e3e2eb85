"""What statements say, before it is known what all others say."""

from dataclasses import dataclass, field
from typing import Any, Literal

from quantumlayer.builtin.language.words import Words
from quantumlayer.qlayer.requirements import Language

Spec = tuple[str, Any]
"""One thing said of a field: ("unique", True), ("minimum", "3"), ("choices", ("low", "high"))."""


@dataclass(frozen=True, slots=True)
class FieldSaid:
    """A field as a statement tells of it."""

    words: Words
    specs: tuple[Spec, ...] = ()
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def told(self) -> dict[str, Any]:
        """What was said, by its keys."""
        return dict(self.specs)


@dataclass(frozen=True, slots=True)
class Link:
    """ "… of a room": a reference to a thing, or a date; `role` where it is named otherwise.

    `firm` where the words say nothing else: "belongs to a customer".
    """

    words: Words
    role: str = ""
    firm: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of record with its fields and what it belongs to; `listed` after a colon only."""

    words: Words
    fields: tuple[FieldSaid, ...] = ()
    links: tuple[Link, ...] = ()
    plural: bool = False
    verbal: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """What the application is called, and what it is to be written in."""

    words: tuple[str, ...] = field(compare=False)
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    written: frozenset[Language] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """Two things in one sentence: `makes` and `has_many` point from the second to the first,
    `meets` is kept in a record of its own that is named after the verb."""

    kind: Literal["makes", "has_many", "meets"]
    one: Thing
    other: Thing
    verb: str = ""
    fields: tuple[FieldSaid, ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """The steps of a field, or one more of them where `words` are empty."""

    words: Words
    steps: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Assigned:
    """Something said of one field: "the enrollment date defaults to today"."""

    words: Words
    spec: Spec


Part = Thing | Title | Relation | Life | Assigned | Language | Literal["nothing"]
Said = tuple[Part, ...]
