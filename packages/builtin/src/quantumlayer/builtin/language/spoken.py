"""What the phrases of a rule mean: records, keys, tails, fields, and what comes of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from quantumlayer.builtin.conditions import Condition
from quantumlayer.builtin.domain import Rule
from quantumlayer.builtin.language.draft import EntityDraft, FieldDraft
from quantumlayer.builtin.language.said import Spec
from quantumlayer.builtin.language.tokens import Lexeme
from quantumlayer.builtin.language.words import Words

Kind = TypeVar("Kind")
NOWHERE = "R1"
"""The requirement of a rule that is not numbered yet."""


@dataclass(frozen=True)
class Add:
    """A field that a rule speaks of and nobody declared, as the language page tells it."""

    entity: EntityDraft
    words: Words
    specs: tuple[Spec, ...]
    because: str


@dataclass(frozen=True)
class Bound:
    """Something said of one field in a rule's words: "the amount must be positive"."""

    field: FieldDraft
    spec: Spec


@dataclass(frozen=True)
class NoWay:
    """A step that a field may not take; without `to` it never leaves its value."""

    field: FieldDraft
    origin: str
    to: str = ""

    def forbids(self, step: tuple[str, str]) -> bool:
        """Whether a step is meant."""
        return step[0] == self.origin and self.to in {"", step[1]}


Outcome = Rule | Add | Bound | NoWay | object
Outcomes = tuple[Outcome, ...]


@dataclass(frozen=True)
class Records:
    """Records of an entity that satisfy conditions; `single` where one of them is spoken of."""

    entity: EntityDraft
    where: tuple[Condition, ...] = ()
    adds: tuple[Add, ...] = ()
    single: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class State:
    """What an adjective says of an entity's records; `not_where` is its contrary."""

    entity: EntityDraft
    where: Condition
    contrary: Condition
    adds: tuple[Add, ...] = ()


@dataclass(frozen=True)
class Key:
    """What records are told apart by: a thing that they point to, a field, a part of a date.

    `many` where all those things may be meant in one.
    """

    kind: Literal["entity", "field", "day", "month", "year"]
    entity: EntityDraft | None = None
    fields: tuple[FieldDraft, ...] = ()
    many: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Tails:
    """ "… per desk and day", "… at the same", or "at any" time."""

    keys: tuple[Key, ...] = ()
    at_once: Literal["", "same", "any"] = ""


@dataclass(frozen=True)
class When:
    """ "… once the ticket is solved": a state, or its contrary, and what is named as having it."""

    states: tuple[Lexeme, ...]
    contrary: bool
    owners: tuple[EntityDraft, ...] = ()
    fields: tuple[FieldDraft, ...] = ()


@dataclass(frozen=True)
class Fields:
    """All fields that a phrase may mean."""

    found: tuple[FieldDraft, ...] = ()


def pick(said: tuple[object, ...], kind: type[Kind]) -> Kind | None:
    """The first part of a sentence that is of a kind."""
    return next((each for each in said if isinstance(each, kind)), None)


def every(said: tuple[object, ...], kind: type[Kind]) -> tuple[Kind, ...]:
    """All parts of a sentence that are of a kind."""
    return tuple(each for each in said if isinstance(each, kind))


def tails_of(said: tuple[object, ...]) -> Tails:
    """All tails of a sentence in one."""
    found = [each for each in said if isinstance(each, Tails)]
    return Tails(
        tuple(key for each in found for key in each.keys),
        next((each.at_once for each in found if each.at_once), ""),
    )


def only(found: Iterable[Kind]) -> Kind | None:
    """What all ways to take a sentence come to; None where they differ, or there is none."""
    different = set(found)
    return different.pop() if len(different) == 1 else None


def entity_of(lexeme: Lexeme) -> EntityDraft:
    """The entity that a name means."""
    found: EntityDraft = lexeme.referents["ENTITY"][0]
    return found


def fields_of(lexeme: Lexeme) -> tuple[FieldDraft, ...]:
    """The fields that a name may mean; none where it is no field's name."""
    return lexeme.referents.get("FIELD", ())


def named(entity: EntityDraft) -> dict[str, str]:
    """What every rule has: filled in when requirements are numbered."""
    return {"requirement": NOWHERE, "entity": entity.name, "statement": "-"}
