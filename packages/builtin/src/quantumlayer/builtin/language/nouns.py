"""The meaning of noun phrases: records in a state, holders, keys and fields."""

from quantumlayer.builtin.domain import Condition, FieldType, Operator
from quantumlayer.builtin.language.draft import Draft, EntityDraft
from quantumlayer.builtin.language.spoken import (
    FieldRef,
    Fields,
    Key,
    Records,
    State,
    Tails,
    entity_of,
    fields_of,
    fields_said,
    joined,
    measures,
)
from quantumlayer.builtin.language.tokens import Lexeme


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
