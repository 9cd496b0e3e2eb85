"""What a rule speaks of: records in a state, holders, keys and fields, each found in the draft."""

from dataclasses import dataclass, field
from typing import Literal

from quantumlayer.builtin.domain import Condition, FieldType, Operator, Rule
from quantumlayer.builtin.language.draft import EntityDraft, FieldDraft
from quantumlayer.builtin.language.said import Spec
from quantumlayer.builtin.language.tokens import Lexeme
from quantumlayer.builtin.language.words import Words

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

    entity: EntityDraft
    field: FieldDraft
    spec: Spec


Outcome = Rule | Add | Bound | object
Outcomes = tuple[Outcome, ...]


@dataclass(frozen=True)
class Records:
    """Records of an entity that satisfy conditions."""

    entity: EntityDraft
    where: tuple[Condition, ...] = ()
    adds: tuple[Add, ...] = ()


@dataclass(frozen=True)
class State:
    """What an adjective says of an entity's records; `not_where` is its contrary."""

    entity: EntityDraft
    where: Condition
    contrary: Condition
    adds: tuple[Add, ...] = ()


@dataclass(frozen=True)
class Key:
    """What records are told apart by: a thing that they point to, a field, a part of a date."""

    kind: Literal["entity", "field", "day", "month", "year"]
    entity: EntityDraft | None = None
    fields: tuple[tuple[EntityDraft, FieldDraft], ...] = ()


@dataclass(frozen=True)
class Tails:
    """ "… per desk and day", "… at the same time"."""

    keys: tuple[Key, ...] = ()
    at_once: bool = False


@dataclass(frozen=True)
class FieldRef:
    """A field of an entity."""

    entity: EntityDraft
    field: FieldDraft


@dataclass(frozen=True)
class Fields:
    """All fields that a phrase may mean."""

    found: tuple[FieldRef, ...] = field(default=())


def entity_of(lexeme: Lexeme) -> EntityDraft:
    """The entity that a name means."""
    found: EntityDraft = lexeme.referents["ENTITY"][0]
    return found


def fields_of(lexeme: Lexeme) -> tuple[tuple[EntityDraft, FieldDraft], ...]:
    """The fields that a name may mean; none where it is no field's name."""
    return lexeme.referents.get("FIELD", ())


def key_of(entity: EntityDraft, key: Key) -> str | None:
    """The key of an entity's records that a phrase means; None where there is none, or several."""
    if key.kind == "entity" and key.entity is not None:
        reference = entity.reference_to(key.entity)
        return reference.key if reference is not None else None
    if key.kind == "field":
        return next((each.key for owner, each in key.fields if owner is entity), None)
    return _part_of_date(entity, key.kind)


def _part_of_date(entity: EntityDraft, part: str) -> str | None:
    interval = entity.interval()
    moments = entity.moments()
    named = [each for each in moments if each.words in {("date",), ("day",)}]
    needed = [each for each in moments if not each.said.get("optional")]
    found = moments if len(moments) == 1 else named or (needed if len(needed) == 1 else [])
    if interval is not None and not named:
        found = [each for each in moments if each.key == interval[0]]
    if len(found) != 1:
        return None
    whole = part == "day" and found[0].kind is FieldType.DATE
    return found[0].key if whole else f"{found[0].key}.{'date' if part == 'day' else part}"


def keys_of(entity: EntityDraft, *keys: Key) -> tuple[str, ...] | None:
    """The keys of several phrases, each once."""
    found = [key_of(entity, key) for key in keys]
    if any(key is None for key in found):
        return None
    return tuple(dict.fromkeys(str(key) for key in found))


def fields_said(said: tuple[Lexeme, ...]) -> Fields:
    """The fields that one name means, or a field's and an entity's name in either order."""
    if len(said) == 1:
        return Fields(tuple(FieldRef(owner, each) for owner, each in fields_of(said[0])))
    found: list[FieldRef] = []
    for name, owner_name in ((said[0], said[1]), (said[1], said[0])):
        if "ENTITY" in owner_name.referents:
            owner = entity_of(owner_name)
            found += [FieldRef(one, each) for one, each in fields_of(name) if one is owner]
    return Fields(tuple(dict.fromkeys(found)))


def measures(entity: EntityDraft) -> list[FieldDraft]:
    """The numbers of an entity."""
    return [
        each
        for each in entity.fields.values()
        if each.kind in {FieldType.INTEGER, FieldType.DECIMAL}
    ]


def joined(conditions: list[Condition]) -> Condition | None:
    """ "sold or withdrawn": one condition of one field."""
    first = conditions[0]
    if len(conditions) == 1:
        return first
    if any(each.field != first.field or each.operator is not first.operator for each in conditions):
        return None
    many = {Operator.EQUAL: Operator.IN, Operator.NOT_EQUAL: Operator.NOT_IN}.get(first.operator)
    if many is None:
        return None
    values = tuple(value for each in conditions for value in each.values)
    return Condition(field=first.field, operator=many, values=values)


def named(entity: EntityDraft) -> dict[str, str]:
    """What every rule has: filled in when requirements are numbered."""
    return {"requirement": NOWHERE, "entity": entity.name, "statement": "-"}


def tails_of(said: tuple[object, ...]) -> Tails:
    found = [each for each in said if isinstance(each, Tails)]
    return Tails(
        tuple(key for each in found for key in each.keys), any(each.at_once for each in found)
    )
