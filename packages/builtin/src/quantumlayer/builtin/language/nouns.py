"""What a rule speaks of: records in a state, holders, keys and fields, each found in the draft."""

from dataclasses import dataclass, field
from typing import Literal

from quantumlayer.builtin.domain import Condition, FieldType, Operator, Rule
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.said import Spec
from quantumlayer.builtin.language.tokens import Lexeme
from quantumlayer.builtin.language.words import Words


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


class Nouns:
    """The meanings of noun phrases."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def np(self, said: Lexeme) -> Records:
        """All records of an entity."""
        return Records(entity_of(said))

    def states(self, *said: Lexeme) -> tuple[Lexeme, ...]:
        """Adjectives."""
        return said

    def np_states(self, *said: object) -> Records | None:
        """ "open loans", "lots that are sold or withdrawn"."""
        return self._in_states(said, contrary=False)

    def np_not_states(self, *said: object) -> Records | None:
        """ "bookings that are not cancelled"."""
        return self._in_states(said, contrary=True)

    def _in_states(self, said: tuple[object, ...], *, contrary: bool) -> Records | None:
        entity = next(
            entity_of(each)
            for each in said
            if isinstance(each, Lexeme) and "ENTITY" in each.referents
        )
        words = next(each for each in said if isinstance(each, tuple))
        if any(
            isinstance(each, Lexeme) and "FIELD" in each.kinds and "ENTITY" not in each.kinds
            for each in said
        ):
            fields = next(
                fields_of(each)
                for each in said
                if isinstance(each, Lexeme) and "FIELD" in each.kinds
            )
            if not any(owner is entity for owner, _ in fields):
                return None
        return self.in_states(entity, words, contrary=contrary)

    def in_states(
        self, entity: EntityDraft, words: tuple[Lexeme, ...], *, contrary: bool = False
    ) -> Records | None:
        """The records of an entity of which the adjectives are true, or not."""
        found: list[State] = []
        for word in words:
            known = [
                each
                for each in word.referents["STATE"]
                if isinstance(each, State) and each.entity is entity
            ]
            if len(known) != 1:
                return None
            found.append(known[0])
        where = joined([each.contrary if contrary else each.where for each in found])
        adds = tuple(add for each in found for add in each.adds)
        return None if where is None else Records(entity, (where,), adds)

    def np_sized(self, *said: object) -> Records | None:
        """ "a scooter with a battery below 20"."""
        names = [each for each in said if isinstance(each, Lexeme)]
        entity = entity_of(names[0])
        operator, bound = next(each for each in said if isinstance(each, tuple))
        found = [each for owner, each in fields_of(names[1]) if owner is entity]
        if len(found) != 1 or found[0].kind not in {FieldType.INTEGER, FieldType.DECIMAL}:
            return None
        value: str | int = (
            int(bound) if found[0].kind is FieldType.INTEGER and "." not in bound else bound
        )
        return Records(entity, (Condition(field=found[0].key, operator=operator, values=(value,)),))

    def greater(self, bound: str) -> tuple[Operator, str]:
        """ "above 20"."""
        return Operator.GREATER, bound

    def less(self, bound: str) -> tuple[Operator, str]:
        """ "below 20"."""
        return Operator.LESS, bound

    def greater_or_equal(self, bound: str) -> tuple[Operator, str]:
        """ "of at least 20"."""
        return Operator.GREATER_OR_EQUAL, bound

    def less_or_equal(self, bound: str) -> tuple[Operator, str]:
        """ "of at most 20"."""
        return Operator.LESS_OR_EQUAL, bound

    def equal(self, bound: str) -> tuple[Operator, str]:
        """ "of 20"."""
        return Operator.EQUAL, bound

    def holder(self, said: Lexeme) -> Key | None:
        """A thing, or a field that stands for one."""
        if "ENTITY" in said.referents:
            return Key("entity", entity_of(said))
        return Key("field", None, fields_of(said))

    def field_of(self, entity: Lexeme, said: Lexeme) -> Key | None:
        """ "the booking date"."""
        found = tuple(
            (owner, each) for owner, each in fields_of(said) if owner is entity_of(entity)
        )
        return Key("field", None, found) if found else None

    def day(self, _said: Lexeme) -> Key:
        """A calendar day."""
        return Key("day")

    def month(self, _said: Lexeme) -> Key:
        """A month of a year."""
        return Key("month")

    def year(self, _said: Lexeme) -> Key:
        """A year."""
        return Key("year")

    def keys(self, *said: Key) -> tuple[Key, ...]:
        """Several keys."""
        return said

    def keys_tail(self, said: tuple[Key, ...]) -> Tails:
        """ "per desk and day"."""
        return Tails(said)

    def at_once(self) -> Tails:
        """ "at the same time"."""
        return Tails((), at_once=True)

    def overall(self) -> Tails:
        """ "in total"."""
        return Tails()

    def tails(self, *said: Tails) -> Tails:
        """All tails in one."""
        return Tails(
            tuple(key for each in said for key in each.keys), any(each.at_once for each in said)
        )

    def fieldref(self, *said: Lexeme) -> Fields:
        """ "the amount", "the amount of a payment", "a payment's amount"."""
        return fields_said(said)

    def left(self, said: Fields | Lexeme) -> Fields:
        """The left side of a comparison; a record stands for its only number, or moment."""
        if isinstance(said, Fields):
            return said
        entity = entity_of(said)
        numbers = measures(entity)
        moments = [each for each in entity.moments() if not each.said.get("optional")]
        texts = [each for each in entity.fields.values() if each.kind is FieldType.LONG_TEXT]
        return Fields(tuple(FieldRef(entity, each) for each in [*numbers, *moments, *texts]))


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
